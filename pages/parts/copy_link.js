// Copies the page's address. The clipboard of modern browsers needs https or localhost; a phone
// that opened the app over the local network gets the older way.

export default function copyLink({ parentElement }) {
  const button = parentElement.querySelector("button");
  const words = button.querySelector("span");
  const say = (text) => {
    words.textContent = text;
    setTimeout(() => (words.textContent = "Copy link"), 2000);
  };
  button.onclick = async () => {
    if (document.querySelector(".lb-too-long")) return say("Too long for a link");
    let copied = true;
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      const field = document.createElement("textarea");
      field.value = location.href;
      document.body.append(field);
      field.select();
      copied = document.execCommand("copy");
      field.remove();
    }
    say(copied ? "Copied" : "Copy it from the address bar");
  };
}
