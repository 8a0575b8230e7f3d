// Sliders that are heard while they move: Streamlit's own tell where they are only once they have rested for a while.
//
// What a hand has moved is told to Python soon, but not before what was told last has led to a figure (see canvas.js):
// a machine that cannot follow would otherwise work through a queue of places long past.

const instances = new WeakMap();
const SEND_EVERY = 100; // ms
const PATIENCE = 1000; // ms that an answer may take before the next message goes out all the same
const REST = 300; // ms without a move after which keys have come to rest

export default function rateSliders(component) {
  const root = component.parentElement;
  let instance = instances.get(root);
  if (!instance) {
    instance = new RateSliders(root.querySelector(".lb-sliders"));
    instances.set(root, instance);
  }
  instance.update(component.data, component.setStateValue);
  return () => {
    if (root.isConnected) return;
    instance.abort.abort();
    clearTimeout(instance.timer);
    clearTimeout(instance.resting);
    instances.delete(root);
  };
}

class RateSliders {
  constructor(host) {
    this.host = host;
    this.id = Math.random().toString(36).slice(2, 10);
    this.seq = 0;
    this.revision = -1;
    this.rates = [];
    this.lastSent = 0;
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("labrador:answer", (event) => this.answered(event.detail.tag), { signal });
    for (const name of ["pointerup", "pointercancel"])
      window.addEventListener(name, () => this.held && this.letGo(), { signal, capture: true });
  }

  update({ sliders, revision }, setStateValue) {
    this.setStateValue = setStateValue;
    const isNew = revision > this.revision;
    this.revision = Math.max(revision, this.revision);
    // A hand that is moving one of them wins over rates that arrive from elsewhere.
    if (!this.isMoving() && (isNew || this.rates.length !== sliders.length)) this.rates = sliders.map((each) => each.rate);
    while (this.host.children.length > sliders.length) this.host.lastElementChild.remove();
    while (this.host.children.length < sliders.length) this.host.appendChild(this.row(this.host.children.length));
    this.stops = sliders.map((each) => each.stops);
    sliders.forEach((each, index) => this.show(index, each));
  }

  row(index) {
    const row = document.createElement("label");
    row.innerHTML = `<span></span><output></output><small></small><div><i></i><input type="range" min="0" step="1"></div>`;
    const input = row.querySelector("input");
    input.addEventListener("input", () => this.moved(index, Number(input.value)));
    input.addEventListener("pointerdown", () => (this.held = true));
    return row;
  }

  show(index, { label, note, stops, trained }) {
    const row = this.host.children[index];
    const input = row.querySelector("input");
    row.querySelector("span").textContent = label;
    row.querySelector("small").textContent = note;
    input.max = stops.length - 1;
    input.setAttribute("aria-label", `${label}, ${note}`);
    row.style.setProperty("--trained", place(stops, trained));
    this.place(index);
  }

  place(index) {
    const [row, stops, rate] = [this.host.children[index], this.stops[index], this.rates[index]];
    const input = row.querySelector("input");
    input.value = nearest(stops, rate);
    input.setAttribute("aria-valuetext", `${rate}`);
    row.querySelector("output").textContent = `${rate}`;
    row.style.setProperty("--part", place(stops, rate));
  }

  // ---- to Python

  moved(index, at) {
    this.rates[index] = this.stops[index][at];
    this.place(index);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), REST);
    if (!this.timer) this.schedule();
  }

  isMoving() {
    return Boolean(this.held || this.resting);
  }

  letGo() {
    this.held = false;
    if (this.resting || this.waits) this.rest();
  }

  /** Nothing moves any more: what takes longer may be computed now. A hand that only pauses still holds on. */
  rest() {
    clearTimeout(this.resting);
    this.resting = null;
    this.waits = this.held;
    if (!this.held) this.send();
  }

  schedule() {
    clearTimeout(this.timer);
    const wait = this.lastSent + (this.unanswered ? PATIENCE : SEND_EVERY) - performance.now();
    if (wait <= 0) this.send();
    else this.timer = setTimeout(() => this.send(), wait);
  }

  answered(tag) {
    if (!tag.endsWith(`:${this.id}:${this.seq}`)) return;
    this.unanswered = false;
    if (this.timer) this.schedule();
  }

  send() {
    clearTimeout(this.timer);
    this.timer = null;
    this.lastSent = performance.now();
    this.seq += 1;
    this.unanswered = true;
    const { id: instance, seq, revision, rates } = this;
    this.setStateValue("moved", { instance, seq, revision, rates: [...rates], moving: this.isMoving() });
  }
}

function nearest(stops, rate) {
  const distances = stops.map((each) => Math.abs(each - rate));
  return distances.indexOf(Math.min(...distances));
}

/** Where a rate is along a slider, from 0 to 1. */
function place(stops, rate) {
  return nearest(stops, rate) / Math.max(1, stops.length - 1);
}
