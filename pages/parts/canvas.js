// A drawing canvas whose truth is strokes: lists of [x, y] in the unit square, y down.
//
// Python and this file both may change the ink, so each change of Python's carries a newer `revision`; a mere echo of
// ink that was sent from here carries one that has been seen, and is ignored: a late echo never overwrites a stroke.
// Streamlit calls the default export again whenever data or theme change; what lives longer is in `instances`.

const SEND_EVERY = 100; // ms; more often than the histograms can follow only fills the queue
const PATIENCE = 250; // ms to wait for the answer to a message before the next is sent all the same
const LIFT_TIME = 90; // ms to lift the pen and to set it down again, besides the way between
const TOP_SPEED = 6 / 1000; // canvas sides a ms; a hand is hardly faster, however few points its ink has
const GRID = 2048; // Python's ink lives on this grid; points travel as whole numbers of it
const MIN_STEP = 1.5 / 512; // canvas sides; nearer points add messages, not shape
const KEY_STEP = 1 / 28;
const FINE_KEY_STEP = 1 / 112;

const instances = new WeakMap();

export default function drawing(component) {
  const root = component.parentElement;
  let instance = instances.get(root);
  if (!instance) {
    instance = new Drawing(root.querySelector(".lb-drawing"));
    instances.set(root, instance);
  }
  instance.update(component.data, component.setStateValue);
  return () => {
    // Streamlit also calls this when newer data overtook a call that was still loading its module: the component
    // is on the page then, maybe with a pen down on it.
    if (root.isConnected) return;
    instance.destroy();
    instances.delete(root);
  };
}

class Drawing {
  constructor(host) {
    this.host = host;
    this.id = Math.random().toString(36).slice(2, 10);
    this.strokes = [];
    this.history = []; // earlier lists of strokes, for undo
    this.penWidth = 0.06;
    this.revision = -1; // the newest of Python's changes seen here
    this.seq = 0; // of messages to Python
    this.ask = 0; // how often "Draw one for me" was pressed
    this.pointer = null; // id of the only pointer that draws
    this.cursor = null; // the keyboard's pen, [x, y]
    this.keyPenDown = false;
    this.replay = null;
    this.lastSent = -Infinity;
    this.unanswered = false;
    this.moves = []; // times of pen moves not sent yet, for whoever measures
    this.limits = { strokes: 200, points: 8000 };
    this.abort = new AbortController();

    this.canvas = host.querySelector(".ink");
    this.context = this.canvas.getContext("2d");
    this.slider = host.querySelector("input");
    this.buttons = Object.fromEntries([...host.querySelectorAll("button")].map((b) => [b.dataset.do, b]));
    this.listen();
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(this.canvas);
    this.resize();
  }

  listen() {
    const on = (target, type, handler, options) =>
      target.addEventListener(type, handler, { signal: this.abort.signal, ...options });
    on(this.canvas, "pointerdown", (event) => this.pointerDown(event));
    on(this.canvas, "pointermove", (event) => this.pointerMove(event));
    for (const type of ["pointerup", "pointercancel", "lostpointercapture"])
      on(this.canvas, type, (event) => this.pointerUp(event));
    // iOS scrolls and magnifies on touches that only `touch-action` forbids elsewhere.
    on(this.canvas, "touchstart", (event) => event.preventDefault(), { passive: false });
    on(this.canvas, "contextmenu", (event) => event.preventDefault());
    on(this.canvas, "keydown", (event) => this.keyDown(event));
    on(this.canvas, "blur", () => {
      this.liftKeyPen();
      this.cursor = null;
      this.draw();
    });
    on(this.slider, "input", () => {
      this.penWidth = Number(this.slider.value);
      this.showPenWidth();
      this.changed();
    });
    on(this.slider, "change", () => this.send());
    on(this.buttons.undo, "click", () => this.undo());
    on(this.buttons.clear, "click", () => this.clear());
    on(this.buttons.write, "click", () => this.askForOne());
    on(this.buttons.pen, "click", () => {
      const open = this.host.classList.toggle("pen-open");
      this.buttons.pen.setAttribute("aria-expanded", String(open));
    });
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.draw());
    on(document, "labrador:answer", (event) => this.answered(event.detail.tag));
  }

  destroy() {
    this.abort.abort();
    this.resizes.disconnect();
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
    cancelAnimationFrame(this.replay?.frame);
  }

  // ---- from Python

  update(data, setStateValue) {
    this.setStateValue = setStateValue;
    this.limits = data.limits;
    this.pointTime = data.point_time;
    this.slider.min = data.pen_widths[0];
    this.slider.max = data.pen_widths[1];
    this.slider.step = 1 / 512;
    this.host.classList.toggle("may-shrink", data.may_shrink);
    this.buttons.write.hidden = !data.can_write;
    this.host.querySelector(".notice").textContent = data.notice ?? "";
    if (data.hint) this.host.querySelector(".hint").textContent = data.hint;
    const [height, width] = data.frame ?? [28, 28];
    this.showPicture(data.picture, height, width);
    this.host.classList.toggle("stands-in", Boolean(data.stands_in));
    this.host.querySelector(".panel p").textContent = data.stands_in
      ? `${data.instead_is || `Your image, as the network sees it: ${height} × ${width} pixels.`}${data.waits ? " The drawing waits." : ""}`
      : `Your drawing, cropped, centred and shrunk to ${height} × ${width} pixels.`;
    if (data.revision > this.revision) {
      const first = this.revision < 0;
      this.revision = data.revision;
      // A hand that is drawing right now wins over ink that arrives from elsewhere.
      if (!this.isPenDown() || this.replay) {
        this.cancelReplay();
        if (!first) this.remember();
        this.penWidth = data.pen_width;
        const strokes = data.strokes.map(unpack);
        if (data.replay && strokes.length) this.startReplay(strokes);
        else {
          this.strokes = strokes;
          // On mount Python knows this ink already; otherwise it waits to hear that it has been taken over.
          if (!first) this.send();
        }
      }
    }
    this.showPenWidth();
    this.draw();
  }

  showPicture(base64, height, width) {
    this.host.classList.toggle("unseeing", !base64);
    if (base64 === this.picture) return;
    this.picture = base64;
    const image = new ImageData(width, height);
    const grey = base64 ? atob(base64) : "";
    for (let i = 0; i < width * height; i++) {
      image.data.fill(grey.charCodeAt(i) || 0, 4 * i, 4 * i + 3);
      image.data[4 * i + 3] = 255;
    }
    for (const canvas of this.host.querySelectorAll(".sees")) {
      // Giving a canvas its size, even the one it has, empties it.
      if (canvas.width !== width) canvas.width = width;
      if (canvas.height !== height) canvas.height = height;
      canvas.getContext("2d").putImageData(image, 0, 0);
    }
  }

  showPenWidth() {
    this.slider.value = this.penWidth;
    const part = (this.penWidth - this.slider.min) / (this.slider.max - this.slider.min);
    this.slider.style.setProperty("--part", `${Math.round(100 * Math.min(1, Math.max(0, part)))}%`);
    this.slider.setAttribute("aria-valuetext", `${Math.round(100 * this.penWidth)} percent of the canvas`);
  }

  // ---- to Python

  /**
   * The ink changed: show it now, tell Python soon.
   *
   * Not before the last message was answered: a machine that cannot follow would otherwise work through a queue of
   * strokes long past, and fall ever further behind the pen.
   */
  changed() {
    this.draw();
    if (!this.timer) this.schedule();
  }

  schedule() {
    clearTimeout(this.timer);
    const wait = this.lastSent + (this.unanswered ? PATIENCE : SEND_EVERY) - performance.now();
    if (wait <= 0) this.send();
    else this.timer = setTimeout(() => this.send(), wait);
  }

  /** A figure has got what a message led to; it draws while Python works on the next. */
  answered(tag) {
    if (tag.split(":")[0] !== this.id || Number(tag.split(":")[1]) < this.seq) return;
    this.unanswered = false;
    if (this.timer) this.schedule();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = null;
    this.lastSent = performance.now();
    this.seq += 1;
    this.unanswered = true;
    const value = {
      instance: this.id,
      seq: this.seq,
      revision: this.revision,
      ask: this.ask,
      pen_down: this.isPenDown(),
      replaying: Boolean(this.replay),
      strokes: this.strokes.map((stroke) => stroke.map(([x, y]) => [round(x), round(y)])),
      pen_width: this.penWidth,
    };
    this.setStateValue("ink", value);
    const detail = { seq: this.seq, instance: this.id, moves: this.moves, pen_down: value.pen_down };
    this.moves = [];
    document.dispatchEvent(new CustomEvent("labrador:ink", { detail }));
  }

  // ---- the pen

  isPenDown() {
    return this.pointer !== null || this.keyPenDown || this.replay !== null;
  }

  /** Side, left and top of the unit square on the paper, in CSS px. */
  square() {
    const { width, height } = this.size;
    const side = Math.min(width, height);
    return { side, left: (width - side) / 2, top: (height - side) / 2 };
  }

  at(event) {
    const box = this.canvas.getBoundingClientRect();
    const { side, left, top } = this.square();
    return [clamp((event.clientX - box.left - left) / side), clamp((event.clientY - box.top - top) / side)];
  }

  pointerDown(event) {
    if (this.pointer !== null || event.button !== 0) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true, focusVisible: false });
    this.finishReplay();
    this.liftKeyPen();
    this.cursor = null;
    if (!this.roomForStroke()) return;
    this.pointer = event.pointerId;
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // The pointer may be gone already; then pointerup follows at once.
    }
    this.beginStroke(this.at(event), event.timeStamp);
  }

  pointerMove(event) {
    if (event.pointerId !== this.pointer) return;
    event.preventDefault();
    const events = event.getCoalescedEvents?.() ?? [];
    for (const e of events.length ? events : [event]) this.extendStroke(this.at(e), e.timeStamp);
  }

  pointerUp(event) {
    if (event.pointerId !== this.pointer) return;
    this.pointer = null;
    this.draw();
    this.send();
  }

  roomForStroke() {
    const points = this.strokes.reduce((sum, stroke) => sum + stroke.length, 0);
    this.room = this.limits.points - points;
    if (this.strokes.length < this.limits.strokes && this.room > 0) return true;
    this.say("That is as much ink as a drawing may have. Undo or clear to go on.", true);
    return false;
  }

  beginStroke(point, time) {
    this.remember();
    this.strokes = [...this.strokes, [point]];
    this.moves.push(time);
    this.changed();
  }

  extendStroke(point, time) {
    const stroke = this.strokes[this.strokes.length - 1];
    const [x, y] = stroke[stroke.length - 1];
    if (Math.hypot(point[0] - x, point[1] - y) < MIN_STEP) return;
    this.room -= 1;
    if (this.room <= 0) {
      this.say("That is as much ink as a drawing may have. Undo or clear to go on.", true);
      return;
    }
    stroke.push(point);
    this.moves.push(time);
    this.changed();
  }

  remember() {
    this.history.push(this.strokes);
    if (this.history.length > 100) this.history.shift();
  }

  // ---- the buttons

  undo() {
    if (this.pointer !== null) return;
    this.cancelReplay();
    this.keyPenDown = false;
    if (this.history.length) this.strokes = this.history.pop();
    else if (this.strokes.length) this.strokes = this.strokes.slice(0, -1);
    else return;
    this.say("Undone.");
    this.draw();
    this.send();
  }

  clear() {
    if (this.pointer !== null) return;
    this.cancelReplay();
    this.keyPenDown = false;
    if (!this.strokes.length) return;
    this.remember();
    this.strokes = [];
    this.say("Cleared. Undo brings it back.");
    this.draw();
    this.send();
  }

  askForOne() {
    if (this.pointer !== null) return;
    this.finishReplay();
    this.liftKeyPen();
    this.ask += 1;
    this.send();
  }

  // ---- by keyboard

  keyDown(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") this.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (moves[event.key]) {
      const step = event.shiftKey ? FINE_KEY_STEP : KEY_STEP;
      const [dx, dy] = moves[event.key];
      const [x, y] = this.cursor ?? [0.5, 0.5];
      this.cursor = [clamp(x + dx * step), clamp(y + dy * step)];
      if (this.keyPenDown) this.extendStroke(this.cursor, event.timeStamp);
      this.draw();
    } else if (event.key === " ") {
      if (event.repeat) return event.preventDefault();
      if (this.keyPenDown) this.liftKeyPen();
      else {
        this.finishReplay();
        this.cursor ??= [0.5, 0.5];
        if (this.roomForStroke()) {
          this.keyPenDown = true;
          this.say("Pen down.");
          this.beginStroke(this.cursor, event.timeStamp);
        }
      }
    } else if (event.key === "Escape" && this.keyPenDown) this.liftKeyPen();
    else if (["Escape", "Delete", "Backspace"].includes(event.key)) this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  liftKeyPen() {
    if (!this.keyPenDown) return;
    this.keyPenDown = false;
    this.say("Pen up.");
    this.draw();
    this.send();
  }

  say(words, aloud = false) {
    this.host.querySelector("[data-say]").textContent = words;
    if (aloud) this.host.querySelector(".notice").textContent = words;
  }

  // ---- ink that writes itself

  startReplay(strokes) {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || document.hidden;
    if (still) {
      this.strokes = strokes;
      this.send();
      return;
    }
    const times = penTimes(strokes, this.pointTime);
    const end = times.at(-1).at(-1);
    this.replay = { strokes, start: performance.now() };
    const step = () => {
      if (!this.replay) return;
      const now = performance.now() - this.replay.start;
      if (now >= end) return this.finishReplay();
      this.strokes = written(strokes, times, now);
      this.changed();
      this.replay.frame = requestAnimationFrame(step);
    };
    step();
  }

  finishReplay() {
    if (!this.replay) return;
    this.strokes = this.replay.strokes;
    this.cancelReplay();
    this.draw();
    this.send();
  }

  cancelReplay() {
    cancelAnimationFrame(this.replay?.frame);
    this.replay = null;
  }

  // ---- on screen

  resize() {
    const { width, height } = this.canvas.getBoundingClientRect();
    if (!width || !height) {
      this.size ??= { width: 1, height: 1 };
      return;
    }
    const sharp = Math.min(3, devicePixelRatio || 1);
    this.size = { width, height, sharp };
    this.canvas.width = Math.round(width * sharp);
    this.canvas.height = Math.round(height * sharp);
    this.paint(); // at once: setting the size has emptied the canvas
  }

  draw() {
    this.frame ??= requestAnimationFrame(() => this.paint());
  }

  paint() {
    cancelAnimationFrame(this.frame);
    this.frame = null;
    const { context } = this;
    const { side, left, top } = this.square();
    const sharp = this.size.sharp ?? 1;
    this.host.classList.toggle("has-ink", this.strokes.length > 0);
    this.host.classList.toggle("pen-down", this.isPenDown());
    const empty = !this.strokes.length;
    this.buttons.undo.setAttribute("aria-disabled", String(empty && !this.history.length));
    this.buttons.clear.setAttribute("aria-disabled", String(empty));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(side * sharp, 0, 0, side * sharp, left * sharp, top * sharp);
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = this.penWidth;
    context.strokeStyle = context.fillStyle = getComputedStyle(this.canvas).color;
    for (const stroke of this.strokes) {
      context.beginPath();
      if (stroke.length === 1) {
        context.arc(stroke[0][0], stroke[0][1], this.penWidth / 2, 0, 2 * Math.PI);
        context.fill();
        continue;
      }
      stroke.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
      context.stroke();
    }
    if (this.cursor) {
      context.beginPath();
      context.arc(this.cursor[0], this.cursor[1], this.penWidth / 2 + 0.012, 0, 2 * Math.PI);
      context.lineWidth = 2 / side;
      if (!this.keyPenDown) context.setLineDash([6 / side, 4 / side]);
      context.stroke();
      context.setLineDash([]);
    }
  }
}

function round(value) {
  return Math.round(value * GRID) / GRID;
}

function clamp(value) {
  return Math.min(1, Math.max(0, value));
}

/** [x, y, x, y, ...] in whole grid steps -> [[x, y], ...]. */
function unpack(flat) {
  const points = [];
  for (let i = 0; i < flat.length; i += 2) points.push([flat[i] / GRID, flat[i + 1] / GRID]);
  return points;
}

/**
 * When the pen is at each point, in ms: the points of a hand's ink lie even times apart, so they are close where it is
 * slow, before a corner say.
 */
function penTimes(strokes, pointTime) {
  let now = 0;
  let last = null;
  const go = (point) => {
    if (last) now += Math.max(pointTime, distance(last, point) / TOP_SPEED);
    last = point;
    return now;
  };
  return strokes.map((stroke, s) => {
    if (s) now += LIFT_TIME;
    return stroke.map(go);
  });
}

/** The strokes as they are when the pen has been writing for `now` ms. */
function written(strokes, times, now) {
  const done = [];
  for (let s = 0; s < strokes.length && times[s][0] <= now; s++) {
    const next = times[s].findIndex((time) => time > now);
    if (next < 0) {
      done.push(strokes[s]);
      continue;
    }
    const [[x0, y0], [x1, y1]] = [strokes[s][next - 1], strokes[s][next]];
    const part = (now - times[s][next - 1]) / (times[s][next] - times[s][next - 1]);
    done.push([...strokes[s].slice(0, next), [x0 + part * (x1 - x0), y0 + part * (y1 - y0)]]);
  }
  return done;
}

function distance([x0, y0], [x1, y1]) {
  return Math.hypot(x1 - x0, y1 - y0);
}
