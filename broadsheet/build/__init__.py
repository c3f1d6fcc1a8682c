"""The shell: the only part that knows disk and clock. It calls the stages in order and publishes what they make."""
