// Shows sessions and films; asks nobody.

const at = id => document.getElementById(id);

export function trouble(message) {
  at('trouble').textContent = message ?? '';
  at('trouble').hidden = !message;
}

export function status(text, percent) {
  at('status').textContent = text;
  at('progress').value = percent;
}

/** Nothing was begun, so there is nothing to show. */
export function nothingBegun() {
  at('work').hidden = !at('request').textContent;
}

export function begin() {
  trouble();
  at('work').hidden = false;
  at('film').hidden = at('story').hidden = true;
  at('frames').replaceChildren();
  at('request').textContent = '';
  at('player').removeAttribute('src');
}

export function session(state) {
  at('request').textContent = state.requestId;
  if (state.story) {
    at('story').hidden = false;
    at('title').textContent = state.story.title;
    at('plot').textContent = state.story.overallStory;
  }
  const [width, height] = state.aspectRatio.split(':');
  at('frames').style.setProperty('--shape', `${width} / ${height}`);
  const frames = new Map((state.frames ?? []).map(frame => [frame.number, frame]));
  const count = Math.max(state.frameCount, ...frames.keys(), 0);
  for (let number = 1; number <= count; number++) {
    const item = at('frames').children[number - 1] ?? at('frames').appendChild(card(number));
    const frame = frames.get(number);
    if (frame) fill(item, frame, frame.description ?? state.story?.scenes?.[number - 1]?.description);
  }
}

export function film(video) {
  const player = at('player');
  if (player.dataset.of !== video.id || !player.src) {
    player.dataset.of = video.id;
    if (video.links.poster) player.poster = video.links.poster;
    player.src = video.links.content;
  }
  at('film').hidden = false;
  at('download').href = video.links.content;
  at('download').download = `${video.requestId}.mp4`;
  at('facts').textContent = `${video.duration} s, ${video.width} × ${video.height}, ${video.fps} frames a second, ${((video.bytes ?? 0) / 1e6).toFixed(1)} MB.`;
}

function card(number) {
  const item = document.createElement('li');
  item.innerHTML = '<div class="picture"></div><div class="caption"><b></b><span class="when"></span><span class="state"></span><p></p></div>';
  item.querySelector('.picture').textContent = '…';
  item.querySelector('b').textContent = number;
  return item;
}

function fill(item, frame, text) {
  item.querySelector('.when').textContent = frame.timestamp ?? '';
  item.querySelector('p').textContent = text ?? '';
  const state = item.querySelector('.state');
  state.textContent = { inline: 'kept here until the store answers', failed: frame.error?.message ?? 'failed', generating: 'being drawn' }[frame.status] ?? '';
  state.classList.toggle('parked', frame.status === 'inline' || frame.status === 'failed');
  // A new picture has a new hash; a fresh link to the same one is no reason to load it again.
  if (!frame.imageUrl || item.dataset.shown === frame.sha256) return;
  item.dataset.shown = frame.sha256;
  const image = new Image();
  image.alt = text ?? `Frame ${frame.number}`;
  image.src = frame.imageUrl;
  item.querySelector('.picture').replaceChildren(image);
}
