// Plays a sweep: asks for one step after another, the next one only when the last is on screen.
//
// A step is on screen when Python has sent it and the histograms have drawn it (`labrador:figure`, see
// live_figure.js). So nothing is skipped or left blank, however slow the machine; a chosen speed is what it is at most.

const instances = new WeakMap();
const PATIENCE = 3000; // ms to wait for a step; a figure that is out of sight may draw nothing
const ICONS = {
  back: "M14.5 5 8 10l6.5 5zM5.5 5v10",
  play: "M6.5 4.5 15 10l-8.500 5.500z",
  pause: "M6.500 5v10M13.500 5v10",
  forward: "M5.500 5l6.500 5-6.500 5zM14.500 5v10",
};
// Where arrows have a meaning of their own, and where space has.
const TAKES_ARROWS = "input, textarea, select, canvas, [contenteditable], [role=slider], [role=radio], [role=listbox], [role=dialog]";
const TAKES_SPACE = `${TAKES_ARROWS}, button, a, summary`;

export default function player(component) {
  const root = component.parentElement;
  let instance = instances.get(root);
  if (!instance) {
    instance = new Player(root);
    instances.set(root, instance);
  }
  instance.update(component.data, component.setTriggerValue);
  return () => {
    if (root.isConnected) return;
    instance.destroy();
    instances.delete(root);
  };
}

class Player {
  constructor(root) {
    this.host = document.createElement("div");
    this.host.className = "lb-player";
    this.host.setAttribute("role", "group");
    this.host.setAttribute("aria-label", "Steps of the sweep");
    this.buttons = {};
    for (const [name, label] of [["back", "Step back"], ["play", "Play"], ["forward", "Step forward"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.do = name;
      button.setAttribute("aria-label", label);
      button.title = { back: "Step back: left arrow", play: "Play: space", forward: "Step forward: right arrow" }[name];
      button.innerHTML = `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
      button.addEventListener("click", () => this.press(name));
      this.buttons[name] = button;
      this.host.append(button);
    }
    this.speed = document.createElement("select");
    this.speed.setAttribute("aria-label", "Speed");
    this.host.append(this.speed);
    this.says = document.createElement("output");
    this.host.append(this.says);
    this.hint = document.createElement("span");
    this.hint.className = "hint";
    this.hint.textContent = "arrow keys and space work too";
    this.host.append(this.hint);
    root.append(this.host);
    this.playing = false;
    this.abort = new AbortController();
    const { signal } = this.abort;
    document.addEventListener("labrador:figure", ({ detail }) => this.drawn(detail), { signal });
    document.addEventListener("keydown", (event) => this.key(event), { signal });
  }

  destroy() {
    this.playing = false;
    this.abort.abort();
    this.arrived?.();
    this.host.remove();
  }

  update(data, setTriggerValue) {
    const before = this.data;
    this.data = data;
    this.setTriggerValue = setTriggerValue;
    if (!before) {
      // At most: a step is on screen before the next one is asked for.
      for (const perSecond of data.speeds) this.speed.add(new Option(`up to ${perSecond} a second`, perSecond));
      this.speed.value = data.speed;
    }
    this.says.textContent = data.words;
    this.hint.hidden = data.between;
    // Somebody picked another step elsewhere: that is where to look now.
    if (this.playing && before && data.step !== this.wanted && data.step !== before.step) this.pause();
    this.check();
  }

  press(name, isHeldDown = false) {
    if (name === "play") return this.playing ? this.pause() : this.play();
    this.pause();
    this.walk(name === "back" ? -1 : 1, isHeldDown);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const taken = event.key === " " ? TAKES_SPACE : TAKES_ARROWS;
    if (event.composedPath().some((element) => element.matches?.(taken))) return;
    const name = { ArrowLeft: "back", ArrowRight: "forward", " ": "play" }[event.key];
    if (!name) return;
    event.preventDefault();
    this.press(name, event.repeat);
  }

  async walk(by, isHeldDown) {
    if (this.walking) {
      // Every press counts, but a key that is held down walks as fast as steps arrive.
      if (!isHeldDown) this.further = (this.further ?? 0) + by;
      return;
    }
    this.walking = true;
    let step = by;
    while (step) {
      this.further = 0;
      await this.go(this.data.step + step);
      step = this.further;
    }
    this.walking = false;
  }

  pause() {
    this.playing = false;
    this.show();
  }

  async play() {
    if (this.playing) return;
    this.playing = true;
    this.show();
    document.querySelector(`.${this.data.stage}`)?.scrollIntoView({ block: "nearest", behavior: "smooth" });
    await this.arriving; // a step that was asked for by hand is still on its way
    while (this.playing && this.host.isConnected) {
      const started = performance.now();
      await this.go(this.data.step + 1);
      const rest = 1000 / Number(this.speed.value) - (performance.now() - started);
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
    }
    this.show();
  }

  show() {
    const name = this.playing ? "pause" : "play";
    this.buttons.play.setAttribute("aria-label", this.playing ? "Pause" : "Play");
    this.buttons.play.querySelector("path").setAttribute("d", ICONS[name]);
    this.host.dataset.playing = this.playing;
  }

  /** Ask for a step, round and round; resolves when it is on screen. */
  go(step) {
    const { steps } = this.data;
    this.wanted = ((step % steps) + steps) % steps;
    const arrived = new Promise((resolve) => {
      const patience = setTimeout(resolve, PATIENCE);
      this.arrived = () => {
        clearTimeout(patience);
        resolve();
      };
    });
    this.arriving = arrived;
    this.setTriggerValue("step", this.wanted);
    return arrived;
  }

  drawn({ name, tag }) {
    if (name !== this.data?.figure) return;
    this.shown = tag;
    this.check();
  }

  check() {
    if (this.data.step === this.wanted && this.shown === this.data.tag) this.arrived?.();
  }
}
