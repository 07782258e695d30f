# Where the scripts of this folder find and leave things, on the GPU machine and in a rehearsal.
# Sourced, not run.
#
# Everything lies below build/, which git ignores: gpu-bundle/ what bundle.sh collected, gpu-parts/ the
# same unpacked, gpu/ the build, gpu-run/ the training run. A rehearsal has folders of its own for the
# last three, the processor for a device, a tiny model, and the binaries of the ordinary build.
source "$(dirname "${BASH_SOURCE[0]}")/../stage.sh"

gpu_bundle="$inpaint_root/build/gpu-bundle"
rehearse=""
device=cuda

# take_rehearse ARGUMENTS...: drops --rehearse from the arguments (left in `arguments`).
take_rehearse() {
  arguments=()
  for argument in "$@"; do
    if [ "$argument" = --rehearse ]; then rehearse=yes; else arguments+=("$argument"); fi
  done
  if [ -n "$rehearse" ]; then
    device=cpu
    gpu_build="$inpaint_root/build/gpu-rehearsal"
    gpu_parts="$inpaint_root/build/gpu-rehearsal-parts"
    gpu_run="$inpaint_root/build/gpu-rehearsal-run"
    gpu_binaries="$inpaint_root/build/dev/bin"
    if [ ! -x "$gpu_binaries/inpaint" ]; then gpu_binaries="$inpaint_root/build/release/bin"; fi
  else
    gpu_build="$inpaint_root/build/gpu"
    gpu_parts="$inpaint_root/build/gpu-parts"
    gpu_run="$inpaint_root/build/gpu-run"
    gpu_binaries="$gpu_build/bin"
  fi
  # Results to take away; short of space, so nothing else goes there.
  gpu_out="${OUT:-$inpaint_root/build/gpu-out}"
  mkdir -p "$gpu_out"
}

# The folder of the torch that this machine's Python has; in a rehearsal the one of setup.sh.
find_torch() {
  if [ -n "$rehearse" ]; then echo "$inpaint_cache/torch-2.11.0"; return; fi
  python3 -c 'import os, torch; print(os.path.dirname(torch.__file__))' ||
    fail "torch" "python3 has none" "install torch 2.11.0 with CUDA 13.0"
}

need_binary() {
  [ -x "$gpu_binaries/inpaint" ] || fail "$gpu_binaries/inpaint" "it is not built" \
    "run packaging/gpu/build.sh first"
}
