// The pair's HTTP API, as this page uses it.

/** An answer that is no success: its message is a sentence, its code is from the table of the API. */
export class Refusal extends Error {
  constructor(status, problem) {
    const fields = Object.entries(problem?.errors ?? {}).map(([field, texts]) => `${field}: ${[texts].flat().join(' ')}`);
    super([problem?.detail ?? problem?.title ?? `The server answered ${status}.`, ...fields].join(' '));
    this.status = status;
    this.code = problem?.code;
  }
}

/** Links are absolute and name the public address; from this page they are asked for at its own origin, which may be another name of it. */
export const here = link => {
  const url = new URL(link, location.href);
  return url.pathname + url.search;
};

/** The API key, where the services ask for one: kept for this tab alone. */
export const key = {
  get: () => sessionStorage.getItem('apiKey') ?? '',
  set: text => text ? sessionStorage.setItem('apiKey', text) : sessionStorage.removeItem('apiKey'),
};

export async function call(method, address, body, signal) {
  const json = body !== undefined && !(body instanceof Blob);
  const headers = { Accept: 'application/json' };
  if (key.get()) headers.Authorization = `Bearer ${key.get()}`;
  if (json) headers['Content-Type'] = 'application/json';
  else if (body) headers['Content-Type'] = body.type;
  let answer;
  try {
    answer = await fetch(here(address), { method, headers, body: json ? JSON.stringify(body) : body, signal, cache: 'no-store' });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new Refusal(0, { detail: 'The server does not answer. Is it still running?', code: 'unreachable' });
  }
  const text = await answer.text();
  let content;
  try { content = text ? JSON.parse(text) : undefined; } catch { content = undefined; }
  if (answer.status === 401) dispatchEvent(new Event('keyneeded'));
  if (!answer.ok) throw new Refusal(answer.status, content);
  return content;
}

/** Waits until `news.told` is called, or for so long. */
const pause = (ms, signal, news) => new Promise((resolve, reject) => {
  const done = () => { clearTimeout(timer); signal.removeEventListener('abort', stop); news.told = undefined; resolve(); };
  const stop = () => { clearTimeout(timer); reject(signal.reason); };
  const timer = setTimeout(done, ms);
  signal.addEventListener('abort', stop, { once: true });
  news.told = done;
  if (news.waiting) done();
});

const eventTypes = [
  'progress', 'session.story_ready', 'session.frame_stored', 'session.frame_inline', 'session.frame_failed', 'session.awaiting_approval', 'session.completed', 'session.failed', 'session.canceled',
  'video.clip_completed', 'video.completed', 'video.failed', 'video.canceled',
];

function listen(link, news) {
  const source = new EventSource(here(link));
  for (const type of eventTypes) source.addEventListener(type, () => { news.waiting = true; news.told?.(); });
  return source;
}

/**
 * Reads a resource again whenever its stream of events has something new, until it has ended, and hands every state to `seen`. A browser connects a broken stream again by itself;
 * one that is refused is asked for again here, and meanwhile the resource is read every second. A short absence of the server is waited for.
 */
export async function follow(links, seen, signal) {
  const ended = ['completed', 'failed', 'canceled'];
  const news = { waiting: false };
  let source;
  try {
    for (let absences = 0; ;) {
      if (!source || source.readyState === EventSource.CLOSED) source = listen(links.events, news);
      try {
        news.waiting = false;
        const state = await call('GET', links.self, undefined, signal);
        absences = 0;
        seen(state);
        if (ended.includes(state.status)) return state;
      } catch (error) {
        if (!(error instanceof Refusal) || ![0, 502, 503, 504, 429].includes(error.status) || ++absences > 20) throw error;
        await pause(1000, signal, {});
      }
      await pause(source.readyState === EventSource.OPEN ? 10000 : 1000, signal, news);
    }
  } finally {
    source?.close();
  }
}

/** A request ID of this browser's own making, as the API describes it. */
export function newRequestId() {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz';
  let suffix = '';
  while (suffix.length < 9) {
    // 252 = 7 * 36: what lies above would favour the first letters.
    for (const byte of crypto.getRandomValues(new Uint8Array(16))) if (byte < 252 && suffix.length < 9) suffix += letters[byte % 36];
  }
  return `req_${Date.now()}_${suffix}`;
}
