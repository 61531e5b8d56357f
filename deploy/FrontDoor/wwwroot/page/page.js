// From the form to the film: the request ID is the only thing that is handed on from step to step.
import { call, follow, key, newRequestId, Refusal } from './api.js';
import * as view from './view.js';

const form = document.getElementById('make');
const files = document.getElementById('files');
const cancel = document.getElementById('cancel');
const drop = files.parentElement;
let stop = new AbortController();
let cancelLink;

const source = () => form.elements.source.value;

function remember(session) {
  localStorage.setItem('currentSession', JSON.stringify({ sessionId: session.requestId, userId: session.userId, frameCount: session.frameCount }));
  console.log(`Session saved to localStorage: ${session.requestId}`);
}

/** Follows a generation to its end. */
async function frames(session) {
  remember(session);
  const seen = state => {
    cancelLink = state.links.cancel;
    cancel.hidden = !cancelLink;
    view.session(state);
    const done = (state.frames ?? []).filter(frame => frame.imageUrl).length;
    view.status(state.story ? `Drawing frame ${Math.min(done + 1, state.frameCount)} of ${state.frameCount}` : 'Writing the story', 5 + 45 * done / Math.max(1, state.frameCount));
  };
  seen(session);
  const ended = session.status === 'completed' ? session : await follow(session.links, seen, stop.signal);
  if (ended.status === 'failed') throw new Refusal(0, { detail: ended.error?.message ?? 'The frames could not be made.' });
  if (ended.status === 'canceled') throw new Refusal(0, { detail: 'Stopped, as you asked.' });
}

/** Follows a render to its end. */
async function film(video) {
  const ended = await follow(video.links, state => {
    cancelLink = state.links.cancel;
    cancel.hidden = !cancelLink;
    const done = state.clips.filter(clip => clip.status === 'completed').length;
    const text = { merging: 'Joining the clips', waiting_for_store: 'Rendered; waiting for the store', waiting_for_provider: 'Clips are being made' }[state.stage] ?? `Rendering clip ${Math.min(done + 1, state.clips.length)} of ${state.clips.length}`;
    view.status(text, 50 + state.progress / 2);
  }, stop.signal);
  if (ended.status === 'failed') throw new Refusal(0, { detail: ended.error?.message ?? 'The film could not be rendered.' });
  if (ended.status === 'canceled') throw new Refusal(0, { detail: 'Stopped, as you asked.' });
  view.status('The film is ready.', 100);
  view.film(ended);
}

/** The seed's flow: pictures first, under an ID made here; then the session is saved under the same. */
async function upload(wish) {
  const requestId = newRequestId();
  const pictures = [...files.files];
  for (const [index, picture] of pictures.entries()) {
    view.status(`Uploading ${picture.name}`, 50 * index / pictures.length);
    try {
      await call('PUT', `/v1/sessions/${requestId}/frames/${index + 1}`, picture, stop.signal);
    } catch (error) {
      // Half a set of pictures is of no use to anybody.
      call('DELETE', `/v1/sessions/${requestId}`).catch(() => {});
      throw error instanceof Refusal ? new Refusal(error.status, { detail: `${picture.name}: ${error.message}`, code: error.code }) : error;
    }
  }
  const saved = pictures.map((picture, index) => ({ number: index + 1, description: picture.name.replace(/\.[^.]+$/, '') }));
  return call('POST', '/v1/sessions', { ...wish, requestId, frames: saved }, stop.signal);
}

async function work(steps) {
  const button = form.querySelector('[type=submit]');
  stop = new AbortController();
  button.disabled = true;
  view.begin();
  try {
    await steps();
  } catch (error) {
    if (error.name !== 'AbortError') view.trouble(error.message);
    view.status('', 0);
    view.nothingBegun();
  } finally {
    button.disabled = false;
    cancel.hidden = true;
  }
}

form.addEventListener('submit', event => {
  event.preventDefault();
  const prompt = form.elements.prompt.value.trim();
  const seconds = Number(form.elements.videoDuration.value);
  const own = source() === 'pictures';
  if (!own && !prompt) return refuse('Say what the film is about.', form.elements.prompt);
  if (own && files.files.length === 0) return refuse('Choose at least one picture.', files);
  if (!(seconds >= 2 && seconds <= 600)) return refuse('A film lasts 2 to 600 seconds.', form.elements.videoDuration);
  const wish = { prompt: prompt || undefined, videoDuration: seconds, aspectRatio: form.elements.aspectRatio.value };
  work(async () => {
    view.status(own ? 'Uploading' : 'Writing the story', 0);
    const session = own
      ? await upload(wish)
      : await call('POST', '/v1/sessions', { ...wish, style: form.elements.style.value, mood: form.elements.mood.value }, stop.signal);
    await frames(session);
    await film(await call('POST', '/v1/videos', { requestId: session.requestId }, stop.signal));
  });
});

function refuse(message, field) {
  view.trouble(message);
  field.focus();
}

cancel.addEventListener('click', async () => {
  cancel.hidden = true;
  try {
    if (cancelLink) await call('POST', cancelLink);
  } catch (error) {
    view.trouble(error.message);
  }
});

document.getElementById('copy').addEventListener('click', () => navigator.clipboard?.writeText(document.getElementById('request').textContent));

form.addEventListener('change', () => {
  for (const part of form.querySelectorAll('[data-for]')) part.hidden = part.dataset.for !== source();
  form.elements.prompt.placeholder = source() === 'prompt' ? 'A paper boat crosses a stormy sea and finds a lighthouse' : 'Our summer by the lake';
  const names = [...files.files].map(file => file.name);
  if (names.length > 0) document.getElementById('chosen').textContent = `${names.length} chosen: ${names.join(', ')}`;
});

for (const type of ['dragenter', 'dragover']) drop.addEventListener(type, event => { event.preventDefault(); drop.classList.add('over'); });
for (const type of ['dragleave', 'drop']) drop.addEventListener(type, () => drop.classList.remove('over'));
drop.addEventListener('drop', event => {
  event.preventDefault();
  files.files = event.dataTransfer.files;
  files.dispatchEvent(new Event('change', { bubbles: true }));
});

/** What this browser made last is shown again, and followed where it is still being made. */
async function resume() {
  const { sessionId, userId } = JSON.parse(localStorage.getItem('currentSession') ?? '{}');
  if (!sessionId) return;
  const owner = `userId=${encodeURIComponent(userId)}`;
  const session = await call('GET', `/v1/sessions/${sessionId}?${owner}`).catch(error => error.status === 401 ? undefined : null);
  // Without a key nobody knows whether it is there.
  if (session === undefined) return;
  if (!session) return localStorage.removeItem('currentSession');
  const films = await call('GET', `/v1/videos?requestId=${sessionId}&${owner}`).catch(() => ({ items: [] }));
  await work(async () => {
    await frames(session);
    if (films.items.length > 0) await film(films.items[0]);
    else view.status('The frames are ready.', 50);
  });
}

const access = document.getElementById('access');
addEventListener('keyneeded', () => {
  access.hidden = false;
  document.getElementById('key').focus();
});
access.addEventListener('submit', event => {
  event.preventDefault();
  key.set(document.getElementById('key').value.trim());
  document.getElementById('key').value = '';
  access.hidden = true;
  document.getElementById('trouble').hidden = true;
  resume();
});

form.dispatchEvent(new Event('change'));
resume();
