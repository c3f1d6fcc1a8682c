"""The preview: a site, built, served as GitHub Pages would serve it, and built again whenever it is edited."""
