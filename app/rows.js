// The hands of fields: one that is done becomes the event edit; buttons become drop, or shift by a place. gr.HTML gives element,
// trigger, watch.
const PLACES = { earlier: -1, later: 1 };
element.addEventListener("change", (event) => {
    const { number, field } = event.target.dataset;
    if (field) trigger("edit", { number: Number(number), field, text: event.target.value });
});
element.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]"), number = Number(button?.dataset.number);
    if (button?.dataset.do === "remove") trigger("drop", { number });
    else if (button) trigger("shift", { number, by: PLACES[button.dataset.do] });
});
element.addEventListener("input", (event) => {
    if (event.target.type === "range") event.target.nextElementSibling.value = event.target.value;
});
// What was refused goes back to what holds.
watch("value", () => {
    element.querySelectorAll("input").forEach((input) => { input.value = input.getAttribute("value"); });
    element.querySelectorAll("select").forEach((select) => { select.value = select.querySelector("[selected]")?.value; });
});
