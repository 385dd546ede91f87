// The header stays when instant navigation replaces the article, so its link to the other edition would
// lead to the page that was opened first. The article's own footer always has the right address.

/** Point each language switch in the header to the page that is shown, with its filter and its place. */
export function followPage(root) {
  for (const own of root.querySelectorAll(".page-source__edition")) {
    for (const link of root.querySelectorAll(`.edition-switch[hreflang="${own.hreflang}"]`)) {
      link.href = own.href;
      if (link.dataset.follows) continue;
      link.dataset.follows = "page";
      // A full page load: the other edition has its own search and its own words.
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        event.stopPropagation();
        const target = new URL(link.href);
        target.search = location.search;
        target.hash = location.hash;
        location.assign(target);
      });
    }
  }
}
