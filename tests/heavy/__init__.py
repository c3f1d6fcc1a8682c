"""Checks that need a browser, Java or npm packages. .ci/run installs those and runs these; nothing here is skipped."""
