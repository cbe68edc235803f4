// What every script of the page needs. Stands in front of each, in the same function, which provides `words` and `server`.

// A node; its text is written with textContent.
function make(tag, properties = {}, children = []) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "text") node.textContent = value;
    else if (name === "value") node.value = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.filter(Boolean));
  return node;
}

// What a function of the server answers. Where none comes, that is said as what the server itself would have to say.
async function fetched(name, given) {
  try {
    return await server[name](given);
  } catch {
    return { problem: words.lost, note: words.lost };
  }
}

