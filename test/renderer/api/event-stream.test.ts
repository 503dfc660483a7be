import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventParser } from '../../../renderer/api/event-stream.ts';
import type { StreamMessage } from '../../../renderer/api/event-stream.ts';

function parse(pieces: string[]): StreamMessage[] {
  const messages: StreamMessage[] = [];
  const feed = eventParser((message) => messages.push(message));
  for (const piece of pieces) feed(piece);
  return messages;
}

describe('the event stream', () => {
  it('gives messages with their id, kind and data', () => {
    expect(parse(['id: 7\nevent: job\ndata: {"a":1}\n\n'])).toEqual([{ id: '7', event: 'job', data: '{"a":1}' }]);
  });

  it('joins lines of data and ignores comments', () => {
    expect(parse([': still here\n\ndata: one\ndata: two\n\n'])).toEqual([
      { id: '', event: 'message', data: 'one\ntwo' },
    ]);
  });

  it('keeps the last id for messages without one', () => {
    expect(parse(['id: 3\ndata: a\n\ndata: b\n\n']).map(({ id }) => id)).toEqual(['3', '3']);
  });

  it('reads the same however the text is cut', () => {
    const text = 'id: 1\nevent: log\ndata: line one\ndata: two\n\n: beat\n\nid: 2\ndata: {"x":"ü"}\n\n';
    const whole = parse([text]);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const edges = [0, ...[...cuts].sort((a, b) => a - b), text.length];
        const pieces = edges.slice(1).map((end, i) => text.slice(edges[i], end));
        expect(parse(pieces)).toEqual(whole);
      }),
    );
  });
});
