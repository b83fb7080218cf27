#!/usr/bin/env bash
# check-desktop-entry.sh FILE: whether a desktop entry makes the window the program for invitations, and is given their links.
set -euo pipefail
entry=$1

grep -Eq '^MimeType=(.*;)?x-scheme-handler/bandpro;' "$entry" || { echo "$entry takes no bandpro:// links" && exit 1; }
grep -Eq '^Exec=bandpro-desktop %u$' "$entry" || { echo "$entry does not hand a link on" && exit 1; }
if command -v desktop-file-validate >/dev/null; then
  desktop-file-validate "$entry"
else
  echo "skipped: desktop-file-validate is not here (Debian: desktop-file-utils)"
fi
if command -v xdg-mime >/dev/null && command -v update-desktop-database >/dev/null; then
  home=$(mktemp -d)
  install -D "$entry" "$home/applications/$(basename "$entry")"
  update-desktop-database "$home/applications"
  handler=$(XDG_DATA_HOME=$home XDG_DATA_DIRS=$home XDG_CONFIG_HOME=$home XDG_CONFIG_DIRS=$home XDG_CURRENT_DESKTOP='' xdg-mime query default x-scheme-handler/bandpro)
  rm -rf "$home"
  [ "$handler" = "$(basename "$entry")" ] || { echo "bandpro:// links would go to '$handler'" && exit 1; }
else
  echo "skipped: xdg-mime is not here (Debian: xdg-utils)"
fi
