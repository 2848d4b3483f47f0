// The table's hands: a field that is done becomes the event edit, a button the event drop. gr.HTML gives element, trigger, watch.
element.addEventListener("change", (event) => {
    const { cue, field } = event.target.dataset;
    if (field) trigger("edit", { cue: Number(cue), field, text: event.target.value });
});
element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do=remove]");
    if (button) trigger("drop", { cue: Number(button.dataset.cue) });
});
// What was refused goes back to what holds.
watch("value", () => element.querySelectorAll("input").forEach((input) => { input.value = input.getAttribute("value"); }));
