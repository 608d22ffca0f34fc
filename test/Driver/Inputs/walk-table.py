"""Every row of `goslim help --table` has a help text, and its option is in
`goslim COMMAND --help` and in each completion script in the folder."""
import subprocess
import sys

goslim, folder = sys.argv[1:]


def output(*argv):
    return subprocess.run([goslim, *argv], capture_output=True, text=True, check=True).stdout


rows = [line.split("\t") for line in output("help", "--table").splitlines()]
scripts = {shell: open(f"{folder}/{shell}").read() for shell in ("bash", "zsh", "fish")}
hidden = {r[0] for r in rows} - set(output("help").split())
hidden.discard("")
bad, options, pages = [], 0, {}
for command, option, value, values, text in rows:
    name = f"{command} {option}".strip()
    if len(text) < 8 or not text[0].isupper() or text.endswith("."):
        bad.append(f"{name}: help text {text!r}")
    if not option:
        continue
    options += 1
    page = pages.setdefault(command, output(*([command] if command else []), "--help"))
    dashed = ("-" if len(option) == 1 or option == "###" else "--") + option
    if f"\n  {dashed}" not in page:
        bad.append(f"{name}: not in --help")
    for word in values.split("|"):
        if word not in page:
            bad.append(f"{name}: value {word} not in --help")
    if command in hidden:
        continue
    for shell, script in scripts.items():
        shown = {"fish": f"-n 'X' -l '{option}'", "zsh": f"'{dashed}", "bash": dashed}[shell]
        if shell == "fish":
            where = f"__fish_seen_subcommand_from {command}" if command else "__fish_use_subcommand"
            style = "-s" if len(option) == 1 else "-o" if option == "###" else "-l"
            shown = f"complete -c goslim -n '{where}' {style} '{option}'"
        if shown not in script:
            bad.append(f"{name}: not completed in {shell}")
print("\n".join(bad) or f"{options} options of {len({r[0] for r in rows} - {''})} commands documented and completed")
sys.exit(bool(bad))
