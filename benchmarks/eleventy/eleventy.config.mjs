// The same pages and feeds that Broadsheet makes of the same articles.

const SIZE = 20;
const TITLE = "The Made-up Paper";
const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const GROUPS = [
  { key: "topics", title: "Topics", address: (name) => `/topics/${slug(name)}/` },
  { key: "publishers", title: "Publishers", address: (name) => `/publishers/${slug(name)}/` },
  { key: "months", title: "Archive", address: (name) => `/archive/${name.replace("-", "/")}/` },
];

const slug = (name) => name.toLowerCase().replaceAll(" ", "-");
const address = (key, name) => GROUPS.find((group) => group.key === key).address(name);

/** All articles, newest first, each with the ones before and after it. Made once a build. */
function newestFirst(api) {
  const articles = api.getFilteredByGlob("content/articles/**/*.md").sort((a, b) => b.date - a.date);
  articles.forEach((article, n) => {
    article.data.newer = articles[n - 1];
    article.data.older = articles[n + 1];
  });
  return articles;
}

/** Listings in pages of twenty. */
function paged(title, home, articles) {
  const count = Math.ceil(articles.length / SIZE);
  const at = (n) => (n === 0 ? home : `${home}page/${n + 1}/`);
  return Array.from({ length: count }, (_, n) => ({
    title,
    address: at(n),
    articles: articles.slice(n * SIZE, (n + 1) * SIZE),
    newer: n > 0 ? at(n - 1) : null,
    older: n + 1 < count ? at(n + 1) : null,
  }));
}

/** For each kind of group its members by name. */
function grouped(articles) {
  return GROUPS.map((group) => {
    const members = new Map();
    for (const article of articles) {
      for (const name of article.data[group.key]) {
        if (!members.has(name)) members.set(name, []);
        members.get(name).push(article);
      }
    }
    return { ...group, members };
  });
}

export default function (config) {
  let made = null;
  const once = (api) => {
    made ??= (() => {
      const articles = newestFirst(api);
      return { articles, groups: grouped(articles) };
    })();
    return made;
  };
  config.on("eleventy.before", () => {
    made = null;
  });

  config.addCollection("articles", (api) => once(api).articles);
  config.addCollection("lists", (api) => {
    const { articles, groups } = once(api);
    return [
      ...paged("Latest", "/", articles),
      ...groups.flatMap((group) =>
        [...group.members].flatMap(([name, members]) => paged(name, group.address(name), members)),
      ),
    ];
  });
  config.addCollection("groups", (api) =>
    once(api).groups.map(({ key, title, members }) => ({
      title,
      address: key === "months" ? "/archive/" : `/${key}/`,
      links: [...members].map(([name, list]) => ({ name, address: address(key, name), count: list.length })).sort(
        (a, b) => (a.name < b.name ? -1 : 1),
      ),
    })),
  );
  config.addCollection("feeds", (api) => {
    const { articles, groups } = once(api);
    return [
      { title: TITLE, address: "/", articles: articles.slice(0, SIZE) },
      ...groups
        .filter((group) => group.key !== "months")
        .flatMap((group) =>
          [...group.members].map(([name, list]) => ({
            title: name,
            address: group.address(name),
            articles: list.slice(0, SIZE),
          })),
        ),
    ];
  });

  config.addGlobalData("paper", { title: TITLE, base: "https://paper.example" });
  config.addFilter("day", (date) => `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`);
  config.addFilter("rfc822", (date) => date.toUTCString());
  config.addFilter("iso", (date) => date.toISOString());
  config.addFilter("address", (name, key) => address(key, name));

  return {
    dir: { input: "content", includes: "../_includes", output: "public" },
    templateFormats: ["md", "njk"],
    // An article is text: a template language is not looked for in it.
    markdownTemplateEngine: false,
  };
}
