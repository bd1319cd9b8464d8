/** Where a document lies, and the version of it that was read. */
export interface Place {
  /** Concrete index: of a data stream, the backing index. */
  readonly index: string;
  readonly id: string;
  readonly routing?: string;
  readonly seqNo: number;
  readonly primaryTerm: number;
  /** Name the event counts under: data stream, or the index without what copying put before it. */
  readonly home: string;
  /** Why the document must not be updated; undefined where it may be. */
  readonly untaggable?: string;
}

/** What tells a document from all others: two of one index may share an id under different routing. */
export function placeKey({ index, id, routing }: Pick<Place, 'index' | 'id' | 'routing'>): string {
  return routing === undefined ? `${index}/${id}` : `${index}/${id}?${routing}`;
}
