# syntax=docker/dockerfile:1.7
# Kaia with the packages locked in requirements/ and one kubectl, as a numeric user without rights.
# The kubectl is the one that requirements/kubectl.txt has tested. It supports servers one minor
# version older to one newer than itself; to change it, give the version and both checksums as
# --build-arg (https://dl.k8s.io/release/VERSION/bin/linux/ARCH/kubectl.sha256).
# The base is pinned by its tag only: a digest is to be given by who builds, who can check it.
ARG PYTHON_IMAGE=python:3.13-slim-trixie
ARG KUBECTL_VERSION=v1.37.1
ARG KUBECTL_SHA256_AMD64=65691ff77eb6fa44c908b77a1082c9f092c3b9733b5cefabec0d1104890e21a8
ARG KUBECTL_SHA256_ARM64=ff749f4b78d9c4f1ec87307df9b50119ed819e2094aa9810cb9acffc3286c8c7

FROM scratch AS kubectl-amd64
ARG KUBECTL_VERSION
ARG KUBECTL_SHA256_AMD64
ADD --checksum=sha256:${KUBECTL_SHA256_AMD64} --chmod=0555 \
    https://dl.k8s.io/release/${KUBECTL_VERSION}/bin/linux/amd64/kubectl /kubectl

FROM scratch AS kubectl-arm64
ARG KUBECTL_VERSION
ARG KUBECTL_SHA256_ARM64
ADD --checksum=sha256:${KUBECTL_SHA256_ARM64} --chmod=0555 \
    https://dl.k8s.io/release/${KUBECTL_VERSION}/bin/linux/arm64/kubectl /kubectl

# hadolint ignore=DL3006 # a stage of this file, chosen by the architecture that is built for
FROM kubectl-${TARGETARCH} AS kubectl

# The base has pip, and pip checks hashes: another installer would be one more thing to trust.
# No bytecode is ever checked against its source again, so that it outlives a rewritten date.
FROM ${PYTHON_IMAGE} AS build
COPY requirements/runtime.txt requirements/build.txt /src/requirements/
# hadolint ignore=DL3042 # the cache is a mount, and no part of the image
RUN --mount=type=cache,target=/cache \
    python -m venv --without-pip /opt/kaia \
    && pip --python /opt/kaia/bin/python install --cache-dir /cache --no-compile \
        --only-binary :all: --require-hashes -r /src/requirements/runtime.txt \
    && python -m venv --without-pip /opt/build \
    && pip --python /opt/build/bin/python install --cache-dir /cache \
        --only-binary :all: --require-hashes -r /src/requirements/build.txt \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/kaia/lib
COPY pyproject.toml README.md LICENSE manifest.yml /src/
COPY bot /src/bot
WORKDIR /src
RUN /opt/build/bin/hatchling build -t wheel -d /tmp/wheel \
    && pip --python /opt/kaia/bin/python install --no-cache-dir --no-compile --no-deps --no-index \
        --root /project /tmp/wheel/kaia-*.whl \
    && python -m compileall -q --invalidation-mode unchecked-hash -s /project -p / /project/opt/kaia \
    && install -d -m 0750 /project/var/lib/kaia

FROM ${PYTHON_IMAGE}
# What installs is taken away, what gains rights loses them, and only /tmp takes everybody's files.
# The user has a name because Postgres' client library looks it up.
RUN pip uninstall --yes --root-user-action ignore pip \
    && rm -r /usr/local/lib/python3.*/ensurepip \
    && python -m compileall -q -j 0 --invalidation-mode unchecked-hash /usr/local/lib/python3.* \
    && find / -xdev \( -type f -perm /6000 -o -type d -perm -0002 ! -path /tmp \) \
        -exec chmod ug-s,o-w {} + \
    && echo 'kaia:x:65532:65532::/tmp:/usr/sbin/nologin' >>/etc/passwd \
    && echo 'kaia:x:65532:' >>/etc/group
COPY --from=kubectl /kubectl /usr/local/bin/kubectl
COPY --from=build /opt/kaia /opt/kaia
# Its own layer, so that a new version is a pull of a few megabytes.
COPY --from=build /project/opt/kaia /opt/kaia
COPY --from=build --chown=65532:65532 /project/var/lib/kaia /var/lib/kaia
# The store goes to XDG_STATE_HOME/kaia; mount a volume there.
ENV PATH=/opt/kaia/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    XDG_STATE_HOME=/var/lib \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
ARG VERSION=0.1.0
ARG REVISION=""
ARG SOURCE=""
LABEL org.opencontainers.image.title="kaia" \
      org.opencontainers.image.description="Kaia answers questions about the Kubernetes cluster it runs in, in the Slack thread where they are asked" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.source="${SOURCE}"
# No HEALTHCHECK: Kubernetes has probes of its own, and the port is a setting.
USER 65532:65532
WORKDIR /tmp
VOLUME /var/lib/kaia
ENTRYPOINT ["kaia"]
CMD ["slack"]
