#!/usr/bin/env bash
# The main job on real input: checks the zoo, looks at and runs Swin, trains a small declared backbone on Fashion-MNIST,
# saves it, and judges what was saved. Leaves weights and a confusion matrix in artifacts/.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

model=fashion_tiny
goal=88
weights="$root/artifacts/$model.safetensors"
picture="$root/artifacts/$model.confusion.svg"

notochord() { bash "$root/eng/notochord" "$@"; }
step() { printf '\n== %s\n' "$1"; }
# accuracy JSON_FILE: percent, as printed.
accuracy() { grep -o '"accuracy": [0-9.]*' "$1" | awk '{ printf "%.2f", 100 * $2 }'; }

share_machine
bash "$root/eng/setup.sh"
mkdir -p "$root/artifacts"

step "the zoo, checked"
notochord check

step "swin_tiny_patch4_window7_224"
notochord summary swin_tiny_patch4_window7_224

step "its generated forward, on one image"
notochord run swin_tiny_patch4_window7_224

step "$model, trained on Fashion-MNIST"
notochord train "$model" --epochs 4 --lr 0.004 --save "$weights" --confusion "$picture" --json > "$root/artifacts/$model.train.json"
trained="$(accuracy "$root/artifacts/$model.train.json")"
printf 'test accuracy %s%%\n' "$trained"

step "reloaded from ${weights#"$root"/}, judged again"
notochord evaluate "$model" --weights "$weights" --json > "$root/artifacts/$model.evaluate.json"
judged="$(accuracy "$root/artifacts/$model.evaluate.json")"
printf 'test accuracy %s%%\n' "$judged"

if [[ "$trained" != "$judged" ]]; then
  say "error: the saved weights give another accuracy than the trained ones"
  exit 1
fi
if awk -v have="$judged" -v want="$goal" 'BEGIN { exit !(have < want) }'; then
  say "error: $judged% is below the $goal% that this model reaches"
  exit 1
fi
printf '\nleft in artifacts/: %s, %s\n' "$(basename "$weights")" "$(basename "$picture")"
