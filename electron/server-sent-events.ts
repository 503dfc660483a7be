export interface ServerSentEvent {
  id: string | undefined;
  kind: string;
  data: string;
}

/** An event larger than this is dropped: the shell needs small ones only. */
const LARGEST_EVENT = 1024 * 1024;

/**
 * Reads a stream of server-sent events (HTML Living Standard, 9.2.6).
 * @param chunks text or UTF-8 bytes, cut anywhere
 */
export async function* readServerSentEvents(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let fields: string[] = [];
  for await (const chunk of chunks) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    // A carriage return at the very end may be the first half of a line end.
    const complete = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = complete.split(/\r\n|\r|\n/);
    rest = lines.pop()! + rest.slice(complete.length);
    for (const line of lines) {
      if (line !== '') fields.push(line);
      else {
        const event = eventOf(fields);
        fields = [];
        if (event !== undefined) yield event;
      }
    }
    if (rest.length > LARGEST_EVENT) rest = '';
    if (fields.reduce((sum, line) => sum + line.length, 0) > LARGEST_EVENT) fields = [];
  }
}

/** Undefined for a comment (`: keep-alive`) or an event without data. */
function eventOf(lines: readonly string[]): ServerSentEvent | undefined {
  const valueOf = (name: string): string[] =>
    lines
      .filter((line) => line === name || line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, ''));
  const data = valueOf('data');
  if (data.length === 0) return undefined;
  return { id: valueOf('id').at(-1), kind: valueOf('event').at(-1) ?? 'message', data: data.join('\n') };
}
