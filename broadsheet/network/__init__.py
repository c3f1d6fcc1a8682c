"""All that touches the network: `import`, and `check --links`. `build`, `list` and `check` never come here."""
