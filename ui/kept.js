// What this browser keeps, by name. One that stores nothing (its settings, or no room) keeps it until the page is closed.
window.parallaxKept = (() => {
  const here = new Map();
  const get = (name, store = "localStorage") => {
    try {
      return window[store].getItem(name);
    } catch {
      return here.get(name) ?? null;
    }
  };
  const set = (name, value, store = "localStorage") => {
    here.set(name, value);
    try {
      window[store].setItem(name, value);
    } catch {
      // it is kept here
    }
  };
  return { get, set };
})();
