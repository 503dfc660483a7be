/** One message of a server-sent event stream. */
export interface StreamMessage {
  id: string;
  event: string;
  data: string;
}

/**
 * Splits the text of an event stream (WHATWG HTML, 9.2.6) into messages as it arrives; feed it pieces in order. A message
 * without data is none.
 */
export function eventParser(onMessage: (message: StreamMessage) => void): (piece: string) => void {
  let rest = '';
  let message: { id: string; event: string; data: string[] } = { id: '', event: 'message', data: [] };
  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (message.data.length > 0) onMessage({ ...message, data: message.data.join('\n') });
        message = { id: message.id, event: 'message', data: [] };
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'id') message.id = value;
      else if (field === 'event') message.event = value;
      else if (field === 'data') message.data.push(value);
    }
  };
}

export interface StreamOptions {
  url: string;
  onMessage: (message: StreamMessage) => void;
  /** The stream is there (again). */
  onOpen: () => void;
  /** The stream broke or could not be had; it is being tried again. */
  onGone: (status: number | null) => void;
  /** Milliseconds before each further try; the last one repeats. */
  delays?: readonly number[];
}

/** No message and no comment for this long: the engine is gone though nobody closed the connection. */
const SILENCE_MS = 45_000;

/**
 * Reads an event stream for as long as it is wanted, comes back after a break, and asks to go on after the last message
 * seen (`?since=`). Returns how to stop.
 */
export function followEvents(options: StreamOptions): () => void {
  const { url, onMessage, onOpen, onGone, delays = [300, 600, 1_000, 2_000] } = options;
  const stop = new AbortController();
  let last = '';

  async function once(): Promise<number | null> {
    const quiet = new AbortController();
    let alarm = setTimeout(() => quiet.abort(), SILENCE_MS);
    try {
      const response = await fetch(last === '' ? url : `${url}?since=${encodeURIComponent(last)}`, {
        headers: { accept: 'text/event-stream' },
        signal: AbortSignal.any([stop.signal, quiet.signal]),
        cache: 'no-store',
      });
      if (!response.ok || response.body === null) return response.status;
      onOpen();
      const parse = eventParser((message) => {
        if (message.id !== '') last = message.id;
        onMessage(message);
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return null;
        clearTimeout(alarm);
        alarm = setTimeout(() => quiet.abort(), SILENCE_MS);
        parse(value);
      }
    } catch {
      return null;
    } finally {
      clearTimeout(alarm);
    }
  }

  void (async () => {
    for (let failures = 0; !stop.signal.aborted; failures++) {
      const begun = performance.now();
      const status = await once();
      if (stop.signal.aborted) return;
      onGone(status);
      if (performance.now() - begun > 5_000) failures = 0;
      await new Promise((resolve) => setTimeout(resolve, delays[Math.min(failures, delays.length - 1)]));
    }
  })();
  return () => stop.abort();
}
