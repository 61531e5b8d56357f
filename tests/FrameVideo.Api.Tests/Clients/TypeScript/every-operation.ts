// A page of another origin that calls every operation of both documents by the generated client, and reports each call to its own server.
import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths as FramePaths } from "./frames";
import type { paths as VideoPaths } from "./videos";

interface Settings { frames: string; videos: string; key: string; user: string; hook: string }
type Json = "application/json" | "application/problem+json";
type Session = components["schemas"]["Session"];

const settings = (await (await fetch("settings.json")).json()) as Settings;
const report = (content: object) => fetch("report", { method: "POST", body: JSON.stringify(content) });
const told = (service: string): Middleware => ({
  onResponse: async ({ request, response, schemaPath }) => {
    check(response.headers.get("X-Correlation-Id") === trace, `${request.method} ${schemaPath} goes on with the page's trace`);
    await report({ service, operation: `${request.method} ${schemaPath}`, status: response.status });
  },
});
const trace = crypto.randomUUID().replaceAll("-", "");
const headers = { Accept: "application/json", "X-API-Key": settings.key, traceparent: `00-${trace}-00f067aa0ba902b7-01` };
const frames = createClient<FramePaths, Json>({ baseUrl: settings.frames, headers });
const videos = createClient<VideoPaths, Json>({ baseUrl: settings.videos, headers });
frames.use(told("FrameService"));
videos.use(told("VideoService"));

function must<T>(answer: { data?: T; error?: unknown; response: Response }): NonNullable<T> {
  if (!answer.response.ok || answer.data == null) throw new Error(`${answer.response.status} of ${answer.response.url}: ${JSON.stringify(answer.error)}`);
  return answer.data;
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what);
}

async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    const found = await ask();
    if (found !== undefined) return found;
    await new Promise((go) => setTimeout(go, 50));
  }
  throw new Error(`waited in vain for ${what}`);
}

const path = (requestId: string) => ({ params: { path: { requestId } } });
const once = { header: { "Idempotency-Key": crypto.randomUUID() } };
const session = async (requestId: string) => must(await frames.GET("/v1/sessions/{requestId}", path(requestId)));
const sessionIn = (requestId: string, ...status: Session["status"][]) => until(`${requestId} to be ${status.join(" or ")}`, async () => {
  const found = await session(requestId);
  return status.includes(found.status) ? found : undefined;
});

/** A picture of this browser's. */
async function picture(colour: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(64, 36);
  const context = canvas.getContext("2d")!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 64, 36);
  return canvas.convertToBlob({ type: "image/png" });
}

/** Where a link of ours leads: its object's key and its token. */
function objectOf(link: string): { key: string; token: string } {
  const url = new URL(link);
  return { key: decodeURIComponent(url.pathname.slice("/v1/objects/".length)), token: url.searchParams.get("token")! };
}

async function imagesOf(frame: { imageUrl: string | null }): Promise<void> {
  // First as any page shows it, so that it is in the cache without the headers; then as a script may read it.
  for (const crossOrigin of [null, "anonymous"]) {
    const image = new Image();
    image.crossOrigin = crossOrigin;
    image.src = frame.imageUrl!;
    await image.decode();
    if (crossOrigin === null) continue;
    const context = new OffscreenCanvas(image.naturalWidth, image.naturalHeight).getContext("2d")!;
    context.drawImage(image, 0, 0);
    check(context.getImageData(0, 0, 1, 1).data[3] === 255, "the picture can be read from a canvas");
  }
  check((await (await fetch(frame.imageUrl!)).blob()).type.startsWith("image/"), "and by fetch, out of the cache");
}

/** How many entries a stream of events has had when it ends. */
async function entriesOf(body: ReadableStream<Uint8Array> | null | undefined): Promise<number | undefined> {
  return (await new Response(body).text()).match(/^id: /gm)?.length;
}

async function bring(): Promise<string> {
  const requestId = `req_${Date.now()}_browser`;
  const put = await frames.PUT("/v1/sessions/{requestId}/frames/{number}", {
    params: { path: { requestId, number: 1 } }, body: await picture("teal"), bodySerializer: (body) => body as Blob, headers: { "Content-Type": "image/png" },
  });
  check(must(put).width === 64 && put.response.status === 201 && put.response.headers.get("Location") !== null, "a picture is put, and Location can be read");
  const body = { requestId, frames: [{ number: 1, description: "at the sea" }, { number: 2, imageUrl: must(put).imageUrl }] };
  const saved = await frames.POST("/v1/sessions", { params: once, body });
  check(must(saved).frames?.[0]?.description === "at the sea" && must(saved).frameCount === 2, "frames are saved");
  const again = await frames.POST("/v1/sessions", { params: once, body });
  check(must(again).id === requestId && again.response.headers.get("Idempotent-Replayed") === "true", "the same request is not carried out again, and says so");

  const read = await frames.GET("/v1/sessions/{requestId}", path(requestId));
  const current = await frames.GET("/v1/sessions/{requestId}", { ...path(requestId), headers: { "If-None-Match": read.response.headers.get("ETag")! } });
  check(current.response.status === 304, "nothing has changed");
  const frame = must(await frames.PATCH("/v1/sessions/{requestId}/frames/{number}", { params: { path: { requestId, number: 1 } }, body: { description: "at the lake" } }));
  check(frame.description === "at the lake", "texts are changed");
  const one = must(await frames.GET("/v1/sessions/{requestId}/frames/{number}", { params: { path: { requestId, number: 1 } } }));
  check(one.description === "at the lake" && one.status === "stored", "a frame is read");
  await imagesOf(one);

  // Of a 206 the same address has bytes: only who sends Range is answered so.
  const link = must(await frames.GET("/v1/sessions/{requestId}/frames/{number}/image", { params: { path: { requestId, number: 1 } } })) as { url: string };
  const { key, token } = objectOf(link.url);
  const bytes = must(await frames.GET("/v1/objects/{key}", { params: { path: { key }, query: { token } }, parseAs: "blob" })) as Blob;
  check(bytes.size === one.bytes && bytes.type === "image/png", "a picture's bytes are read");
  return requestId;
}

async function generate(): Promise<string> {
  const plan = must(await frames.POST("/v1/sessions/plan", { body: { prompt: "a paper boat", frameCount: 3, maxCostUsd: 1 } }));
  check(plan.calls === 0 && plan.withinBudget && plan.steps[1]?.pictures === 3, "a generation is planned");
  const made = await frames.POST("/v1/sessions", { params: {}, body: { prompt: "a paper boat", frameCount: 2, videoDuration: 2, style: "Digital Art", aspectRatio: "960:960", pauseAfter: "story", callbackUrl: settings.hook } });
  const { id, links } = must(made);
  check(made.response.status === 202, "a generation begins");
  const paused = await sessionIn(id, "awaiting_approval");
  check(paused.story?.scenes.length === 2 && paused.style === "Digital Art", "a story is written");
  const heard = new Promise<string[]>((tell) => {
    const types: string[] = [];
    const source = new EventSource(links.events);
    for (const type of ["session.story_ready", "session.frame_stored", "session.completed"]) {
      source.addEventListener(type, () => {
        types.push(type);
        if (type === "session.completed") { source.close(); tell(types); }
      });
    }
  });
  must(await frames.POST("/v1/sessions/{requestId}/approve", { ...path(id), body: { story: { title: "A boat of paper" } } }));
  check((await sessionIn(id, "completed", "failed")).status === "completed", "its frames are drawn");
  check((await heard).join() === "session.story_ready,session.frame_stored,session.frame_stored,session.completed", "a stream tells it all");
  const page = must(await frames.GET("/v1/sessions/{requestId}/events", path(id)));
  const stream = await frames.GET("/v1/sessions/{requestId}/events", { ...path(id), headers: { Accept: "text/event-stream" }, parseAs: "stream" });
  check((await entriesOf(stream.data)) === page.items.length, "the client's own stream tells the same");

  const number = { params: { path: { requestId: id, number: 2 } } };
  must(await frames.POST("/v1/sessions/{requestId}/frames/{number}/regenerate", { ...number, body: { seed: 7 } }));
  await until("the frame to be made again", async () => must(await frames.GET("/v1/sessions/{requestId}/frames/{number}", number)).seed === 7 || undefined);
  await sessionIn(id, "completed");

  const delivery = await until("a delivery", async () => must(await frames.GET("/v1/sessions/{requestId}/deliveries", path(id))).items.find((item) => item.status === "delivered"));
  const of = { params: { path: { requestId: id, deliveryId: delivery.id } } };
  check(must(await frames.GET("/v1/sessions/{requestId}/deliveries/{deliveryId}", of)).attemptCount >= 1, "a delivery is read");
  must(await frames.POST("/v1/sessions/{requestId}/deliveries/{deliveryId}/redeliver", of));
  check(must(await frames.GET("/v1/sessions", { params: { query: { limit: 100 } } })).items.some((item) => item.id === id), "sessions are listed");
  return id;
}

async function stop(): Promise<void> {
  const { id } = must(await frames.POST("/v1/sessions", { body: { prompt: "a fox", frameCount: 1, pauseAfter: "story" } }));
  await sessionIn(id, "awaiting_approval");
  check(must(await frames.POST("/v1/sessions/{requestId}/cancel", path(id))).status === "canceled", "a generation is stopped");
  must(await frames.POST("/v1/sessions/{requestId}/retry", path(id)));
  must(await frames.DELETE("/v1/sessions/{requestId}", path(id)));
  const gone = await frames.GET("/v1/sessions/{requestId}", path(id));
  check(gone.response.status === 404 && gone.error?.["code"] === "session-not-found", "what was deleted is not found, and says so by a code");
}

async function former(requestId: string): Promise<void> {
  must(await frames.POST("/api/save_frames", { body: { sessionId: requestId, frames: [{ id: 1, description: "once more" }] } }));
  check(must(await frames.GET("/api/get_frames", { params: { query: { sessionId: requestId } } })).success, "the older read works");
  const form = new FormData();
  form.append("image", await picture("navy"), "mine.png");
  must(await frames.POST("/api/upload_image_s3", { body: form as unknown as { image: string } }));
}

/** Half a second of a square wave of 200 Hz: 8 kHz, 8 bits, one channel. */
function wav(): Blob {
  const head = new DataView(new ArrayBuffer(44));
  [..."RIFF    WAVEfmt                     data    "].forEach((letter, at) => head.setUint8(at, letter.charCodeAt(0)));
  ([[4, 4036], [16, 16], [20, 0x10001], [24, 8000], [28, 8000], [32, 0x80001], [40, 4000]] as const).forEach(([at, value]) => head.setUint32(at, value, true));
  return new Blob([head, Uint8Array.from({ length: 4000 }, (_, i) => (i % 40 < 20 ? 96 : 160))], { type: "audio/wav" });
}

async function film(requestId: string): Promise<void> {
  const theme = must(await frames.PUT("/v1/sessions/{requestId}/uploads/{name}", {
    params: { path: { requestId, name: "theme" } }, body: wav(), bodySerializer: (body) => body as Blob, headers: { "Content-Type": "audio/wav" },
  }));
  check(theme.contentType === "audio/wav", "a sound is brought");
  check(must(await videos.POST("/v1/videos/plan", { body: { requestId, audio: { objectKey: theme.objectKey, gain: -6 } } })).clips.length === 2, "a film with a sound is planned");
  const body = { requestId, fps: 24, quality: "draft", format: "hls", secondsPerFrame: 1, transition: "cut" } as const;
  check(must(await videos.POST("/v1/videos/plan", { body })).clips.length === 2, "a film is planned");
  const planned = must(await videos.POST("/v1/videos/plan", {
    body: {
      requestId, resolution: "480p", transition: "fade-black", frames: [{ number: 1, motion: "pan-left", seconds: 1.2, focus: { x: 0.2, y: 0.8 } }],
      joints: [{ after: 1, transition: "wipe", seconds: 0.5, direction: "up" }],
    },
  }));
  check(planned.height === 480 && planned.clips[0]?.motion === "pan-left" && planned.joints[0]?.direction === "up", "a film is planned by frame and by joint");
  const video = must(await videos.POST("/v1/videos", { params: { header: { "Idempotency-Key": crypto.randomUUID() } }, body: { ...body, callbackUrl: settings.hook } }));
  const of = { params: { path: { videoId: video.id } } };
  const done = await until("the film", async () => {
    const found = must(await videos.GET("/v1/videos/{videoId}", of));
    return found.status === "completed" || found.status === "failed" ? found : undefined;
  });
  check(done.status === "completed" && done.duration === 2, "a film is made");
  check(must(await videos.GET("/v1/videos", { params: { query: { requestId } } })).items[0]?.id === video.id, "films are listed");
  const page = must(await videos.GET("/v1/videos/{videoId}/events", of));
  const stream = await videos.GET("/v1/videos/{videoId}/events", { ...of, headers: { Accept: "text/event-stream" }, parseAs: "stream" });
  check((await entriesOf(stream.data)) === page.items.length, "a film's stream tells what its log has");

  const link = must(await videos.GET("/v1/videos/{videoId}/content", of));
  const { key, token } = objectOf(link.url);
  const bytes = must(await videos.GET("/v1/objects/{key}", { params: { path: { key }, query: { token } }, parseAs: "blob" })) as Blob;
  check(bytes.type === "video/mp4" && (await bytes.slice(4, 8).text()) === "ftyp", "a film's bytes are read");
  const part = await fetch(link.url, { headers: { Range: "bytes=4-7" } });
  check((await part.text()) === "ftyp" && part.headers.get("Content-Range")?.startsWith("bytes 4-7/") === true, "a part of it, too");

  const playlist = must(await videos.GET("/v1/videos/{videoId}/playlist.m3u8", { ...of, parseAs: "text" }));
  check(playlist.includes("#EXT-X-ENDLIST"), "a film's playlist is read");

  const delivery = await until("a film's delivery", async () => must(await videos.GET("/v1/videos/{videoId}/deliveries", of)).items.find((item) => item.status === "delivered"));
  const sent = { params: { path: { videoId: video.id, deliveryId: delivery.id } } };
  check(must(await videos.GET("/v1/videos/{videoId}/deliveries/{deliveryId}", sent)).attemptCount >= 1, "a film's delivery is read");
  must(await videos.POST("/v1/videos/{videoId}/deliveries/{deliveryId}/redeliver", sent));

  must(await videos.POST("/v1/videos/{videoId}/rerender", of));
  const long = must(await videos.POST("/v1/videos", { body: { ...body, secondsPerFrame: 60, fps: 60 } }));
  const ofLong = { params: { path: { videoId: long.id } } };
  check(must(await videos.POST("/v1/videos/{videoId}/cancel", ofLong)).status === "canceled", "a film is stopped");
  must(await videos.POST("/v1/videos/{videoId}/retry", ofLong));
  must(await videos.DELETE("/v1/videos/{videoId}", ofLong));
  check(must(await videos.DELETE("/v1/videos", { params: { query: { requestId } } })).videos >= 1, "a session's films are removed");
}

async function erase(): Promise<void> {
  const of = { params: { path: { userId: settings.user } } };
  must(await frames.DELETE("/v1/users/{userId}/data", of));
  must(await videos.DELETE("/v1/users/{userId}/data", of));
  check(must(await frames.GET("/v1/users/{userId}/data", of)).sessions > 0, "an erasure is reported");
  check(must(await videos.GET("/v1/users/{userId}/data", of)).userId === settings.user, "so is that of films");
}

try {
  const brought = await bring();
  const token = must(await frames.POST("/v1/tokens", { body: { requestId: brought } })).token;
  const guest = createClient<FramePaths, Json>({ baseUrl: settings.frames });
  check((await guest.GET("/v1/sessions/{requestId}", path(brought))).response.status === 401, "without a key a page is told 401, and can read it");
  must(await guest.GET("/v1/sessions/{requestId}", { ...path(brought), headers: { Authorization: `Bearer ${token}` } }));
  const generated = await generate();
  await stop();
  await former(brought);
  await film(generated);
  await erase();
  await report({ done: true });
} catch (failure) {
  await report({ failure: failure instanceof Error ? `${failure.message}\n${failure.stack ?? ""}` : String(failure) });
}
