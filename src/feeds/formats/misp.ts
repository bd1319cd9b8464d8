import { type Draft, FormatFault, isJson, type Json, objectsOf, parseJson, textsOf } from './draft.ts';

/** Types of attributes; in those of two parts the second goes with the value. `ip-src` is who attacks, not a pool. */
const TYPES: Readonly<Record<string, Draft['type']>> = {
  domain: 'domain',
  hostname: 'domain',
  'ip-dst': 'address',
  'ip-dst|port': 'address',
  url: 'url',
  md5: 'hash',
  sha1: 'hash',
  sha256: 'hash',
};

/**
 * A MISP event, or what `restSearch` answers: events or attributes. What is not meant for detection (`to_ids` false)
 * or deleted is left out. https://www.misp-standard.org/rfc/misp-standard-core.html
 *
 * @throws FormatFault
 */
export function readMisp(text: string): Draft[] {
  const top = parseJson(text);
  const answer = isJson(top) && 'response' in top ? top.response : top;
  const events = Array.isArray(answer) ? objectsOf(answer) : [answer].filter(isJson);
  if (!events.some((event) => 'Event' in event || 'Attribute' in event || 'Object' in event)) {
    throw new FormatFault('it holds neither Event nor Attribute, as MISP writes them');
  }
  return events.flatMap((outer) => {
    const event = isJson(outer.Event) ? outer.Event : outer;
    const within = textsOf(event.info, tagsOf(event));
    const attributes = [event, ...objectsOf(event.Object)].flatMap(({ Attribute }) => objectsOf(Attribute));
    return attributes.flatMap((attribute) => draftOf(attribute, within));
  });
}

function draftOf(attribute: Json, within: readonly string[]): Draft[] {
  if (attribute.deleted === true || typeof attribute.value !== 'string') return [];
  const type = attribute.to_ids === false ? 'other' : (TYPES[String(attribute.type)] ?? 'other');
  const [value = '', port] = attribute.type === 'ip-dst|port' ? attribute.value.split('|') : [attribute.value];
  const { first_seen, last_seen, comment } = attribute;
  const around = isJson(attribute.Event) ? textsOf(attribute.Event.info) : [];
  return [
    {
      value,
      type,
      first_seen,
      last_seen,
      note: textsOf(comment, within[0], around)[0],
      labels: [...within, ...around, ...textsOf(comment, attribute.category, tagsOf(attribute))],
      ...(port === undefined ? {} : { port }),
    },
  ];
}

function tagsOf({ Tag }: Json): unknown[] {
  return objectsOf(Tag).map(({ name }) => name);
}
