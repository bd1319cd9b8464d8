import { PLAIN } from '../colours.ts';
import type { Drawing, Json } from './spec.ts';
import { words } from './spec.ts';

/** Room behind the bars, in pixels, for a number. */
export const NUMBER = 64;

/** Of a bar: as thick as its row allows, but no beam. */
export const THICKNESS: Json = { expr: "min(bandwidth('y') * 0.8, 26)" };

export interface Bars {
  /** Room for what stands behind a bar. */
  readonly room?: number;
  /** Expression for what stands behind a bar; the number itself without it. */
  readonly said?: string;
  /** What the longest bar stands for at least. */
  readonly most?: number;
  readonly colour?: Json;
  readonly tooltip: readonly Json[];
}

/** Lying bars, one a row: `label` before it, `value` long, and the number behind it. */
export function bars({
  room = NUMBER,
  said = "format(datum.value, ',')",
  most,
  colour,
  tooltip,
}: Bars): Pick<Drawing, 'layer' | 'encoding'> {
  const scale = { domainMin: 0, range: [0, { expr: `max(width - ${room}, 0)` }] };
  const length = { type: 'quantitative', axis: null, scale } as const;
  return {
    encoding: {
      y: {
        field: 'label',
        type: 'nominal',
        sort: null,
        axis: { title: null, ticks: false, domain: false, labelPadding: 8 },
      },
      x: { field: 'value', ...length },
      tooltip,
    },
    layer: [
      {
        mark: {
          type: 'bar',
          cornerRadiusEnd: 2,
          height: THICKNESS,
          ...(colour === undefined ? { color: PLAIN } : {}),
        },
        ...(colour === undefined ? {} : { encoding: { color: colour } }),
      },
      {
        transform: [{ calculate: `datum.none ? '' : ${said}`, as: 'said' }],
        mark: words({ align: 'left', baseline: 'middle', dx: 6 }),
        encoding: { text: { field: 'said' } },
      },
      ...(most === undefined
        ? []
        : [{ mark: { type: 'point', opacity: 0 }, encoding: { x: { datum: most, ...length } } }]),
    ],
  };
}

/** The row's name and number, of a bucket. */
export const KEY_AND_COUNT: readonly Json[] = [
  { calculate: 'toString(datum.bucket.key)', as: 'label' },
  { calculate: 'datum.bucket.doc_count', as: 'value' },
];

export const NO_BUCKET = "{key: ' ', doc_count: 0}";
