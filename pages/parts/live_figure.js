// A Plotly figure that changes in place: never remounted, never blank.
//
// The figure comes whole each time; what changed is found here and done in the cheapest way that Plotly has:
// `animate` without redraw for the traces (35 ms of work for ten histograms, where one `restyle` a trace took 1,100),
// `relayout` for annotations, shapes and images, `react` for everything else.
// Colours come as tokens, `var(--ink)` or `var(--ink/0.3)`, and are looked up for the theme that is on screen now.

const instances = new WeakMap();
const SKELETON = ["type", "xaxis", "yaxis", "mode", "visible", "fill", "orientation"]; // of a trace; `animate` leaves it
const LISTS = ["annotations", "shapes", "images"]; // parts of a layout that change item by item
const STILL = { frame: { duration: 0, redraw: false }, transition: { duration: 0 }, mode: "immediate" };
const TAP = 10; // CSS pixels that a finger may slip
const STRIDES = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -20, PageUp: 20, Home: -1e9, End: 1e9 };
const RECALLED = 20; // clicks that a message repeats: runs that overtake each other lose none
const WALK = 1000; // ms between two keys of one walk
const PATIENCE = 2000; // ms; a page in the background animates nothing
const TOKEN = /var\(--([a-z0-9_]+)(?:\/([\d.]+))?\)/g;

export default function liveFigure(component) {
  if (!component.data.figure) {
    // Nothing to show yet; but whoever waits for the network need not wait for Plotly afterwards.
    (window.requestIdleCallback ?? setTimeout)(() => loadPlotly(component.data.plotly).catch(console.error));
    return;
  }
  const root = component.parentElement;
  let instance = instances.get(root);
  if (!instance) {
    instance = new LiveFigure(root);
    instances.set(root, instance);
  }
  instance.update(component.data, component.setTriggerValue);
  return () => {
    // Streamlit also calls this when newer data overtook a call that was still loading its module: the component
    // is on the page then.
    if (root.isConnected) return;
    instance.destroy();
    instances.delete(root);
  };
}

function loadPlotly(url) {
  window.labradorPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => (window.Plotly ? resolve(window.Plotly) : reject(new Error(`No Plotly in ${url}`)));
    script.onerror = () => {
      window.labradorPlotly = undefined; // so that the next figure tries again
      reject(new Error(`Could not load ${url}`));
    };
    document.head.appendChild(script);
  });
  return window.labradorPlotly;
}

class LiveFigure {
  constructor(root) {
    this.host = document.createElement("div");
    this.host.className = "lb-figure";
    this.host.setAttribute("role", "img");
    this.plot = document.createElement("div");
    this.host.appendChild(this.plot);
    root.appendChild(this.host);
    this.probe = document.createElement("span");
    this.probe.style.cssText = "display:none;color:light-dark(rgb(255,255,255),rgb(0,0,0))";
    this.host.appendChild(this.probe);
    this.shown = null;
    this.mount = Math.random().toString(36).slice(2, 10);
    this.clicks = []; // [number, x, y], the last ones
    this.working = false;
    this.waiting = false;
    this.abort = new AbortController();
    this.resizes = new ResizeObserver(() => this.work());
    this.resizes.observe(this.host);
    const { signal } = this.abort;
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.work(), { signal });
    document.addEventListener("visibilitychange", () => this.torn && this.work(), { signal });
    this.host.addEventListener("pointerdown", (event) => this.press(event), { signal });
    this.host.addEventListener("pointermove", (event) => event.buttons === 1 && this.drag(event), { signal });
    this.host.addEventListener("pointerup", (event) => this.release(event), { signal });
    this.host.addEventListener("pointercancel", () => (this.pressed = this.selection = undefined), { signal });
    this.host.addEventListener("keydown", (event) => this.step(event), { signal });
    this.host.addEventListener("keyup", (event) => event.key in STRIDES && this.settle(), { signal });
    this.host.addEventListener("blur", () => this.settle(), { signal });
  }

  destroy() {
    this.gone = true;
    this.abort.abort();
    this.resizes.disconnect();
    // Plotly finishes an animation a frame later and would stumble over a purged plot.
    if (this.shown) setTimeout(() => window.Plotly?.purge(this.plot), 1000);
    this.host.remove();
  }

  update(data, setTriggerValue) {
    this.data = data;
    this.setTriggerValue = setTriggerValue;
    this.host.setAttribute("aria-label", data.label);
    this.describe(data);
    if (!this.shown) this.host.style.height = `${data.height}px`;
    this.host.classList.toggle("selectable", data.selectable);
    this.host.classList.toggle("places", data.places === "axes");
    this.host.classList.toggle("bars", data.places === "bars");
    document.dispatchEvent(new CustomEvent("labrador:answer", { detail: { tag: data.tag } }));
    this.work();
  }

  /** Say what the figure is: a picture, or a slider that stands somewhere. */
  describe({ figure, at, at_text: text }) {
    const slides = typeof at === "number";
    this.host.setAttribute("role", slides ? "slider" : "img");
    const stops = figure.data[0]?.x ?? [];
    const said = { valuenow: at, valuetext: text, valuemin: stops[0], valuemax: stops.at(-1) };
    for (const [name, value] of Object.entries(said)) {
      if (slides) this.host.setAttribute(`aria-${name}`, value);
      else this.host.removeAttribute(`aria-${name}`);
    }
    if (slides) this.host.tabIndex = 0;
    else this.host.removeAttribute("tabindex");
  }

  /** Bring the screen up to the newest data; what comes meanwhile waits, and only the newest of it is shown. */
  async work() {
    if (this.working) {
      this.waiting = true;
      return;
    }
    if (!this.data || this.gone) return;
    this.working = true;
    try {
      const Plotly = await loadPlotly(this.data.plotly);
      do {
        this.waiting = false;
        const { tag } = this.data;
        const width = Math.floor(this.host.clientWidth);
        if (this.gone || !width) break;
        await this.show(Plotly, width);
        this.host.dataset.tag = tag;
        document.dispatchEvent(new CustomEvent("labrador:figure", { detail: { tag, name: this.data.name } }));
      } while (this.waiting && !this.gone);
    } catch (error) {
      if (this.gone) return;
      console.error(error);
      if (!this.shown) {
        this.plot.className = "lb-figure-broken";
        this.plot.textContent = "The figure could not be loaded. Reload the page to try again.";
      }
    } finally {
      this.working = false;
    }
  }

  async show(Plotly, width) {
    const next = this.resolved(width);
    const before = this.shown;
    this.shown = next;
    if (!before) {
      await Plotly.newPlot(this.plot, copy(next.data), copy(next.layout), {
        displayModeBar: false,
        responsive: false,
        doubleClick: false,
        showTips: false,
        scrollZoom: false,
        staticPlot: !this.data.hover,
      });
      return;
    }
    const change = this.torn ? null : difference(before, next);
    this.torn = true; // until all of it is on screen: after an error nobody knows what is
    if (!change) {
      await Plotly.react(this.plot, copy(next.data), copy(next.layout));
      this.torn = false;
      return;
    }
    if (change.traces.length) {
      if (!(await this.move(Plotly, change))) return; // torn: the next update draws all of it
      // Without redraw, Plotly moves bars but gives new ones no colour, and old ones no new colour.
      for (const module of this.plot._fullLayout._modules) module.style?.(this.plot);
    }
    if (Object.keys(change.layout).length) await Plotly.relayout(this.plot, change.layout);
    this.torn = false;
  }

  /** Move traces in place; whether they have arrived. */
  async move(Plotly, { traces, values }) {
    // The promise of `animate` may come before the traces are drawn; an update on top of that would cut it short.
    const arrived = new Promise((resolve) => {
      this.plot.once("plotly_transitioned", () => resolve(true));
      setTimeout(() => resolve(false), PATIENCE);
    });
    Plotly.animate(this.plot, { data: values, traces }, STILL).catch(() => {});
    return arrived;
  }

  isDark() {
    return getComputedStyle(this.probe).color === "rgb(0, 0, 0)";
  }

  /** The figure for this theme and width. */
  resolved(width) {
    const { palette, hover, narrow, narrow_below: enough } = this.data;
    const figure = narrow && width < enough ? narrow : this.data.figure;
    const height = figure === narrow ? narrow.layout.height : this.data.height;
    this.host.style.height = `${height}px`;
    const dark = this.isDark();
    const colour = (whole, token, alpha) => {
      const pair = palette[token];
      if (!pair) throw new Error(`The palette has no token ${whole}`);
      const parts = [1, 3, 5].map((i) => parseInt(pair[dark ? 1 : 0].slice(i, i + 2), 16)).join(",");
      // Without spaces and never #rrggbb: a raw # would end the data URI that a picture is.
      return alpha === undefined ? `rgb(${parts})` : `rgba(${parts},${alpha})`;
    };
    const resolve = (value) => {
      if (typeof value === "string") return value.includes("var(--") ? value.replace(TOKEN, colour) : value;
      if (Array.isArray(value)) return value.length && typeof value[0] === "number" ? value : value.map(resolve);
      if (value && typeof value === "object")
        return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, resolve(item)]));
      return value;
    };
    const { data, layout } = resolve(figure);
    const defaults = {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      dragmode: false,
      hovermode: hover ? "closest" : false,
      height,
      hoverlabel: resolve({ bgcolor: "var(--surf)", bordercolor: "var(--line)", font: { color: "var(--ink)" } }),
    };
    const font = { color: resolve("var(--ink2)"), ...layout.font, family: getComputedStyle(this.host).fontFamily };
    return { data, layout: { ...defaults, ...layout, font, width }, dark };
  }

  // ---- a click picks the nearest step of the first trace, a drag walks along the steps

  press(event) {
    if (!(this.data?.selectable || this.data?.places) || event.button > 0) return;
    this.selected = undefined;
    this.pressed = { x: event.clientX, y: event.clientY };
    // Plotly lays a cover over the page while a button is down; the moves have to come here all the same.
    this.host.setPointerCapture(event.pointerId);
    if (this.data.places) return; // a place is told as the pointer goes up, if it has not moved
    // A finger may be about to scroll the page: it picks by a tap or a move to the side, not by coming down.
    if (event.pointerType !== "touch") this.select(event);
  }

  drag(event) {
    if (!this.pressed || this.data.places) return;
    const [across, along] = [event.clientX - this.pressed.x, event.clientY - this.pressed.y].map(Math.abs);
    if (event.pointerType === "touch" && !this.selection && across <= along) return;
    this.select(event);
  }

  release(event) {
    if (!this.pressed) return;
    if (this.data.places) this.place(event);
    else if (event.pointerType === "touch" && !this.selection) {
      const [across, along] = [event.clientX - this.pressed.x, event.clientY - this.pressed.y].map(Math.abs);
      if (Math.max(across, along) < TAP) this.select(event);
    }
    this.pressed = undefined;
    this.settle();
  }

  /** Tell where on the axes of the first trace a click or tap was, or over which trace's bar. */
  place(event) {
    const moved = Math.max(Math.abs(event.clientX - this.pressed.x), Math.abs(event.clientY - this.pressed.y));
    if (!this.shown?.data.length || !this.plot._fullLayout || moved >= TAP) return;
    const at = this.data.places === "bars" ? this.bar(event) : this.spot(event, this.shown.data[0]);
    if (!at) return;
    this.clicks = [...this.clicks, [(this.clicks.at(-1)?.[0] ?? 0) + 1, ...at]].slice(-RECALLED);
    this.setTriggerValue("place", { mount: this.mount, clicks: this.clicks });
  }

  /** Where a pointer is on the axes of a trace, in their units; undefined outside of them. */
  spot(event, trace) {
    const box = this.plot.getBoundingClientRect();
    const at = ["x", "y"].map((letter) => {
      const axis = this.plot._fullLayout[`${letter}axis${(trace[`${letter}axis`] ?? letter).slice(1)}`];
      const pixel = (letter === "x" ? event.clientX - box.left : event.clientY - box.top) - axis._offset;
      return pixel >= 0 && pixel <= axis._length ? axis.p2d(pixel) : undefined;
    });
    return at.includes(undefined) ? undefined : at;
  }

  /** Index of the trace of bars that a pointer is over, and of the bar: low ones are hit anywhere in their column. */
  bar(event) {
    for (const [index, trace] of this.shown.data.entries()) {
      const spot = trace.type === "bar" ? this.spot(event, trace) : undefined;
      if (spot) return [index, nearest(trace.x, spot[0])];
    }
    return undefined;
  }

  /** A key walks along the steps, from where the figure says that it stands. */
  step(event) {
    const stride = STRIDES[event.key];
    const stops = this.shown?.data[0]?.x;
    if (!stride || !stops?.length || typeof this.data.at !== "number" || event.altKey || event.ctrlKey) return;
    event.preventDefault();
    // Quick keys go on from each other: the figure may not have followed the last one yet.
    const follows = this.walk && event.timeStamp - this.walk.time < WALK;
    const from = follows ? this.walk.point : nearest(stops, this.data.at);
    this.walk = { point: Math.max(0, Math.min(stops.length - 1, from + stride)), time: event.timeStamp };
    this.selected = undefined;
    this.pick(this.walk.point);
  }

  select(event) {
    if (!this.shown) return;
    const [trace] = this.shown.data;
    const axis = this.plot._fullLayout?.[`xaxis${(trace?.xaxis ?? "x").slice(1)}`];
    if (!axis || !trace?.x?.length) return;
    this.pick(nearest(trace.x, axis.p2d(event.clientX - this.plot.getBoundingClientRect().left - axis._offset)));
  }

  pick(point) {
    const [trace] = this.shown.data;
    if (point === this.selected) return;
    this.selected = point;
    this.selection = { trace: 0, point, x: trace.x[point], y: trace.y?.[point], customdata: trace.customdata?.[point] };
    this.setTriggerValue("select", this.selection);
  }

  /** Tell that a hand has let go, where somebody wants to know. */
  settle() {
    if (this.data?.settles && this.selection) this.setTriggerValue("select", { ...this.selection, settled: true });
    this.selection = undefined;
  }
}

function nearest(stops, at) {
  const distances = stops.map((x) => Math.abs(x - at));
  return distances.indexOf(Math.min(...distances));
}

/** What changed between two figures with one skeleton; null where the skeleton changed as well. */
function difference(before, next) {
  if (before.dark !== next.dark || before.data.length !== next.data.length) return null;
  const traces = [];
  const values = [];
  for (let i = 0; i < next.data.length; i++) {
    const [a, b] = [before.data[i], next.data[i]];
    if (!leaves("", a, b, {}) || SKELETON.some((name) => !same(a[name], b[name]))) return null;
    const changed = Object.keys(b).filter((name) => !same(a[name], b[name]));
    // All traces are named, unchanged ones with nothing new: animating only some of them empties
    // every subplot that has none of these.
    traces.push(i);
    values.push(copy(Object.fromEntries(changed.map((name) => [name, b[name]]))));
  }
  if (!values.some((value) => Object.keys(value).length)) traces.length = values.length = 0;
  const layout = {};
  if (!same(Object.keys(before.layout).sort(), Object.keys(next.layout).sort())) return null;
  for (const name of Object.keys(next.layout)) {
    const [a, b] = [before.layout[name], next.layout[name]];
    if (same(a, b)) continue;
    if (name === "meta") continue;
    if (!LISTS.includes(name) || a.length !== b.length) return null;
    for (let i = 0; i < b.length; i++) if (!leaves(`${name}[${i}]`, a[i], b[i], layout)) return null;
  }
  return { traces, values, layout };
}

/** Write the changed leaves of one value into `into`, by Plotly's dotted names; false where keys came or went. */
function leaves(name, before, next, into) {
  if (same(before, next)) return true;
  if (!isObject(before) || !isObject(next)) {
    into[name] = copy(next);
    return true;
  }
  if (!same(Object.keys(before).sort(), Object.keys(next).sort())) return false;
  return Object.keys(next).every((key) => leaves(`${name}.${key}`, before[key], next[key], into));
}

function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

// Plotly writes into what it is given; what was shown has to stay what it was.
function copy(value) {
  return value === undefined ? undefined : structuredClone(value);
}
