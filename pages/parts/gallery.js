// Thumbnails to pick from, each a button with its image's name.

export default function gallery({ data, parentElement, setTriggerValue }) {
  let grid = parentElement.querySelector(".grid");
  if (!grid) {
    grid = document.createElement("div");
    grid.className = "grid";
    parentElement.append(grid);
  }
  const [height, width, channels] = data.frame;
  const size = height * width;
  const bytes = Uint8Array.from(atob(data.pixels), (character) => character.charCodeAt(0));
  grid.replaceChildren(
    ...data.names.map((name, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = data.titles[index];
      button.setAttribute("aria-label", data.titles[index]);
      button.dataset.name = name;
      const canvas = document.createElement("canvas");
      canvas.width = width;
      canvas.height = height;
      const context = canvas.getContext("2d");
      const image = context.createImageData(width, height);
      for (let i = 0; i < size; i++) {
        const first = channels * (size * index + i);
        const colour = [0, 1, 2].map((channel) => bytes[first + Math.min(channel, channels - 1)]);
        image.data.set([...colour, 255], 4 * i);
      }
      context.putImageData(image, 0, 0);
      button.append(canvas);
      button.onclick = () => setTriggerValue("picked", name);
      return button;
    }),
  );
}
