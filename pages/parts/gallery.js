// Thumbnails to pick from, each a button with its image's name.

export default function gallery({ data, parentElement, setTriggerValue }) {
  let grid = parentElement.querySelector(".grid");
  if (!grid) {
    grid = document.createElement("div");
    grid.className = "grid";
    parentElement.append(grid);
  }
  const bytes = Uint8Array.from(atob(data.pixels), (character) => character.charCodeAt(0));
  grid.replaceChildren(
    ...data.names.map((name, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = data.titles[index];
      button.setAttribute("aria-label", data.titles[index]);
      button.dataset.name = name;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 28;
      const context = canvas.getContext("2d");
      const image = context.createImageData(28, 28);
      for (let i = 0; i < 784; i++) image.data.set([...Array(3).fill(bytes[784 * index + i]), 255], 4 * i);
      context.putImageData(image, 0, 0);
      button.append(canvas);
      button.onclick = () => setTriggerValue("picked", name);
      return button;
    }),
  );
}
