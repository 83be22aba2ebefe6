// The form that sends a file: drop or choose it, see how far it is, then go to its receipt.
"use strict";

(() => {
  const around = document.querySelector("[data-send]");
  const words = around.dataset;
  const form = around.querySelector("form");
  const file = form.elements.file;
  const drop = form.querySelector("[data-drop]");
  const progress = form.querySelector("[data-progress]");
  const bar = progress.querySelector("progress");
  const said = progress.querySelector("[data-progress-text]");
  const fault = form.querySelector("[data-error]");
  const button = form.querySelector("button[type=submit]");

  const complain = (text) => {
    fault.textContent = text;
    fault.hidden = !text;
    if (text) {
      progress.hidden = true;
      button.disabled = false;
    }
  };

  const showName = () => {
    form.querySelector("[data-name]").textContent = file.files[0]?.name ?? words.noFile;
    complain("");
  };

  const showDataset = () => {
    const chosen = form.elements.dataset.selectedOptions[0];
    const line = form.querySelector("[data-blank-line]");
    line.hidden = !chosen?.dataset.blank;
    if (!chosen?.dataset.blank) return;
    line.querySelector("a").href = chosen.dataset.blank;
    form.elements.agency.value = chosen.dataset.agency;
  };

  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => { event.preventDefault(); drop.dataset.over = "yes"; });
  }
  for (const type of ["dragleave", "drop"]) drop.addEventListener(type, () => { delete drop.dataset.over; });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) file.files = event.dataTransfer.files;
    showName();
  });
  file.addEventListener("change", showName);
  form.elements.dataset.addEventListener("change", showDataset);
  showDataset();

  const answered = (request) => {
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* said below */ }
    if (answer.link) window.location.assign(answer.link);
    else complain(answer.error || words.failed);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const sent = file.files[0];
    if (!sent || !form.elements.dataset.value || !form.elements.agency.value) return complain(words.choose);
    if (sent.size > Number(words.limit)) return complain(words.tooLarge);
    complain("");
    button.disabled = true;
    progress.hidden = false;
    const query = new URLSearchParams();
    for (const name of ["dataset", "agency", "period"]) query.set(name, form.elements[name].value.trim());
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.value = total ? (100 * loaded) / total : 0;
      said.textContent = `${words.sending} ${Math.round(bar.value)}%`;
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      said.textContent = words.checking;
    });
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => complain(words.failed));
    request.open("POST", `${words.send}?${query}`);
    request.setRequestHeader("X-XSRFToken", words.xsrf);
    request.setRequestHeader("X-File-Name", encodeURIComponent(sent.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(sent);
  });
})();
