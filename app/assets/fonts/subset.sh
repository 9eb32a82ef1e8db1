#!/bin/sh
# Makes the four fonts beside this script from those that Debian packages, with pyftsubset (fonttools).
# Usage: subset.sh DIRECTORY, where DIRECTORY holds the unpacked packages fonts-inter and fonts-jetbrains-mono.
set -eu
from=$1
here=$(dirname "$0")
# Latin with Extended-A, Greek, Cyrillic, punctuation, super- and subscripts, arrows, mathematics, boxes and shapes.
glyphs="U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6,U+02C7,U+02D8-02DD,U+0300-0304,U+0306-030C,U+0327,U+0328,\
U+0370-03FF,U+0400-045F,U+0490,U+0491,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032,U+2033,U+2039,U+203A,\
U+2044,U+2070-208E,U+20AC,U+2116,U+2122,U+2126,U+2150-215E,U+2190-2199,U+21B5,U+21C4,U+21D0-21D4,U+21E7,U+2200-22FF,\
U+2318,U+23CE,U+2500-259F,U+25A0-25FF,U+2605,U+2606,U+26A0,U+2713-2715,U+2717,U+2718,U+FFFD"
# No ligatures and no contextual shapes: "->" and "0x10" are shown as they were typed.
for style in Regular SemiBold; do
    pyftsubset "$from/usr/share/fonts/opentype/inter/Inter-$style.otf" --unicodes="$glyphs" --name-IDs='*' \
        --layout-features=kern,mark,mkmk,ccmp,locl --no-hinting --desubroutinize \
        --output-file="$here/Inter-$style.otf"
    pyftsubset "$from/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-$style.ttf" --unicodes="$glyphs" \
        --name-IDs='*' --layout-features=mark,mkmk,ccmp,locl --output-file="$here/JetBrainsMono-$style.ttf"
done
