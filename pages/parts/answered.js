// Tells the canvas that what it sent has been answered, where no live figure does: then it sends the next at once.

export default function answered({ data }) {
  document.dispatchEvent(new CustomEvent("labrador:answer", { detail: { tag: data.tag } }));
}
