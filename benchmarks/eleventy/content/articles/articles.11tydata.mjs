// Of all articles.
export default {
  layout: "article.njk",
  permalink: ({ page }) => {
    const [year, month] = page.date.toISOString().split("-");
    return `/${year}/${month}/${page.fileSlug}/`;
  },
};
