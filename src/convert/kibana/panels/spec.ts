/** JSON of a specification. */
export type Json = Readonly<Record<string, unknown>>;

/** A panel of Kibana: Vega-Lite with Kibana's own `data.url`, which holds a search of Elasticsearch. */
export interface Panel {
  /** Last part of its id. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly spec: Json;
}

export interface Asked {
  readonly index: string;
  readonly aggs: Json;
  /** Without it, the time range and the filters of the dashboard hold. */
  readonly query?: Json;
}

/** A search whose answer is one row. */
function searched({ index, aggs, query }: Asked): Json {
  const context = query === undefined ? { '%context%': true, '%timefield%': '@timestamp' } : {};
  return {
    url: {
      ...context,
      index,
      body: { size: 0, ...(query === undefined ? {} : { query }), aggs },
    },
  };
}

/**
 * A text of the style of labels, which Kibana colours for light and for dark. Vega-Lite colours texts black but where
 * they are said to be neither filled nor stroked.
 */
export function words(more: Json): Json {
  return { type: 'text', style: 'guide-label', filled: false, stroke: null, fontSize: 12, ...more };
}

export interface Drawing {
  readonly asked: Asked;
  /** Expression for the list of buckets that become rows, of the answer's aggregations `datum.found`. */
  readonly buckets: string;
  /** What is made of a row: `datum.bucket`, and `datum.none` where it stands for none. */
  readonly rows: readonly Json[];
  readonly layer: readonly Json[];
  readonly encoding: Json;
  /** What is said where there is nothing to draw. */
  readonly empty: string;
  /** Expression for that, of the answer's aggregations `datum.found`; that there is no bucket without it. */
  readonly isEmpty?: string;
  /** Expression for a bucket that stands where there is none, drawn as nothing: scales need one value. */
  readonly blank: string;
}

/** The specification of a panel: rows are drawn; where there are none, words say so. */
export function specOf(drawing: Drawing): Json {
  const { asked, buckets, rows, layer, encoding, empty, isEmpty = `length(${buckets}) === 0`, blank } = drawing;
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    data: searched(asked),
    transform: [
      // Where there is no index yet, the answer holds no aggregations.
      { calculate: 'datum.aggregations', as: 'found' },
      { calculate: `!isValid(datum.found) || (${isEmpty})`, as: 'none' },
      { calculate: `datum.none ? [${blank}] : ${buckets}`, as: 'buckets' },
    ],
    layer: [
      {
        transform: [{ flatten: ['buckets'], as: ['bucket'] }, ...rows],
        encoding,
        layer,
      },
      {
        transform: [{ filter: 'datum.none' }],
        mark: words({ fontSize: 14, x: { expr: 'width / 2' }, y: { expr: 'height / 2 - 16' }, align: 'center' }),
        encoding: { text: { value: empty } },
      },
    ],
    config: {
      axis: { labelFontSize: 12, titleFontSize: 12, labelLimit: 240, labelOverlap: 'greedy' },
      legend: { labelFontSize: 12, labelLimit: 220, title: null, symbolType: 'square' },
      scale: { bandPaddingInner: 0.25, bandPaddingOuter: 0.1 },
    },
  };
}
