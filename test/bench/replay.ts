/** The bare requests a pass can't do without: its own that read events, watched and sent again. */
import type { Client } from '@elastic/elasticsearch';

export interface Read {
  readonly method: string;
  readonly path: string;
  readonly querystring?: string | Record<string, string>;
  readonly body?: string | object;
}

/** The requests of a pass that only read events, as they went over the wire. */
export async function watchReads(client: Client, work: () => Promise<unknown>): Promise<Read[]> {
  const reads: Read[] = [];
  /** Points in time of our own indices, which aren't read again. */
  const ownPits: string[] = [];
  const watch = (_: unknown, result: { body: unknown; meta: { request: { params: unknown } } } | null): void => {
    const { method, path, querystring, body } = (result?.meta.request.params ?? {}) as Read;
    const own = /^\/(minecanary|logs-minecanary)/.test(path);
    const { id } = (result?.body ?? {}) as { id?: string };
    if (own && path.endsWith('/_pit') && id !== undefined) ownPits.push(id);
    if (own || !/\/(_search|_pit|_terms_enum|_field_caps|_mapping|_settings)/.test(path)) return;
    if (ownPits.some((pit) => JSON.stringify(body ?? '').includes(pit))) return;
    const parsed = typeof body === 'string' && body !== '' ? (JSON.parse(body) as object) : body;
    reads.push({ method, path, querystring: querystring ?? '', ...(parsed === undefined ? {} : { body: parsed }) });
  };
  client.diagnostic.on('response', watch as never);
  try {
    await work();
    return reads;
  } finally {
    client.diagnostic.off('response', watch as never);
  }
}

/** Sends them again, each search in the point in time that was opened anew. */
export async function replay(client: Client, reads: readonly Read[]): Promise<void> {
  let pit = '';
  for (const { method, path, querystring, body } of reads) {
    const opened = path.endsWith('/_pit') && method === 'POST';
    const own = typeof body === 'object' ? { ...body } : undefined;
    if (own !== undefined && 'pit' in own) Object.assign(own, { pit: { id: pit, keep_alive: '5m' } });
    if (path === '/_pit') Object.assign(own ?? {}, { id: pit });
    const answer = await client.transport.request<{ id?: string }>({
      method,
      path,
      ...(querystring === undefined ? {} : { querystring }),
      ...(own === undefined ? {} : { body: own }),
    });
    if (opened) pit = answer.id ?? '';
  }
}
