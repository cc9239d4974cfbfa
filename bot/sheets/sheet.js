const told = document.getElementById("status");
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const value = document.getElementById(button.dataset.copy);
    let done = true;
    try {
      await navigator.clipboard.writeText(value.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(value);
      const chosen = window.getSelection();
      chosen.removeAllRanges();
      chosen.addRange(range);
      done = document.execCommand("copy");
    }
    if (done) { button.textContent = "Kopierat"; button.classList.add("copied"); }
    told.textContent = done ? `${button.dataset.name} är kopierat.` : "Texten är markerad. Kopiera den med Ctrl och C.";
    clearTimeout(window.quiet);
    window.quiet = setTimeout(() => { told.textContent = ""; }, 4000);
  });
}
