// The page's two windows: a question to be confirmed, and a message to be edited.

const $ = (id) => document.getElementById(id);

function answered(dialog) {
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  });
}

// As Slack's `confirm` object says it; `body` are the nodes of its text. Escape means no.
export function confirmed({ title, confirm, deny, style }, body) {
  $("confirm-title").textContent = title;
  $("confirm-text").replaceChildren(...body);
  $("confirm-yes").textContent = confirm;
  $("confirm-yes").className = style === "danger" ? "danger" : "primary";
  $("confirm-no").textContent = deny;
  return answered($("confirm"));
}

// The new words, or null where the person thought better of it.
export async function edited(text) {
  const field = $("edit-text");
  field.value = text;
  return (await answered($("edit"))) && field.value.trim() ? field.value.trim() : null;
}

$("edit-text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("edit").close("yes");
  }
});
