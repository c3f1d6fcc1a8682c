"""All that touches the network: `import`, `check --links` and `build --ping`. No other verb or flag comes here."""
