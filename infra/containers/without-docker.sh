# shellcheck shell=bash
# Sourced by build.sh: buildah and podman from Debian's packages, and a stand-in for the image that FROM names where no
# image registry answers: Debian's base from its packages, Node from its npm package.
BASE=docker.io/library/$(sed -n 's/^FROM \(node:[^ ]*\) AS base$/\1/p' Dockerfile)
NODE_VERSION=$(sed -n 's/^ *"node": "\(.*\)",$/\1/p' package.json)
PACKAGES=(buildah podman podman-compose runc mmdebstrap netavark aardvark-dns iptables catatonit curl npm)

missing=()
for package in "${PACKAGES[@]}"; do
  # npm may have come another way
  dpkg -s "$package" >/dev/null 2>&1 || command -v "$package" >/dev/null || missing+=("$package")
done
if ((${#missing[@]})); then
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "Cannot build the images: no Docker engine answers, and ${missing[*]} are missing; start Docker, or run this as root on Debian" >&2
    exit 1
  fi
  echo "installing ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# A store of its own; settings for machines without systemd.
store=${STORE:-$HOME/.cache/volbook-containers}
mkdir -p "$store"
cat >"$store/containers.conf" <<'C'
[containers]
default_ulimits=["nofile=1024:1024","nproc=1024:1024"]
log_driver="k8s-file"
[engine]
runtime="runc"
cgroup_manager="cgroupfs"
events_logger="file"
[network]
network_backend="netavark"
C
cat >"$store/storage.conf" <<C
[storage]
driver="overlay"
graphroot="$store/root"
runroot="$store/run"
C
export CONTAINERS_CONF=$store/containers.conf CONTAINERS_STORAGE_CONF=$store/storage.conf BUILDAH_ISOLATION=chroot

make_base() (
  export NPM_CONFIG_LOGLEVEL=error NPM_CONFIG_UPDATE_NOTIFIER=false
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mmdebstrap --quiet --variant=minbase --include=ca-certificates,libstdc++6,libatomic1 bookworm "$work/base.tar"
  cp /etc/ssl/certs/ca-certificates.crt "$work/ca.crt"
  cp -rL "$(npm root -g)/npm" "$work/npm"
  cd "$work" || exit
  npm pack "node-linux-$(node -p process.arch)@$NODE_VERSION" >/dev/null
  tar xzf node-linux-*.tgz
  cat >Dockerfile <<'D'
FROM scratch
ADD base.tar /
COPY package/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY ca.crt /etc/ssl/certs/ca-certificates.crt
ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && groupadd -g 1000 node && useradd -u 1000 -g node -m node
CMD ["node"]
D
  buildah bud --quiet --network host --format docker --tag "$BASE" . >/dev/null
)

if [[ -z $(buildah images --quiet "$BASE" 2>/dev/null) ]] && ! buildah pull --quiet "$BASE" >/dev/null 2>&1; then
  echo "no registry has $BASE for us: making a stand-in from Debian's packages and Node $NODE_VERSION"
  make_base
fi
