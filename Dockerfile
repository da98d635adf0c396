# syntax=docker/dockerfile:1.7
# Kaia with the packages locked in requirements/ and one kubectl, as a numeric user without rights.
# A kubectl supports servers one minor version older to one newer than itself; to change it, give
# the version and both checksums (https://dl.k8s.io/release/VERSION/bin/linux/ARCH/kubectl.sha256).
ARG PYTHON_IMAGE=python:3.13-slim-bookworm
ARG KUBECTL_VERSION=v1.36.4

FROM scratch AS kubectl-amd64
ARG KUBECTL_VERSION
ADD --checksum=sha256:8b8f088da2dab964f853b38464033b1be15ede2839eca751482357c45abdd05a --chmod=0555 \
    https://dl.k8s.io/release/${KUBECTL_VERSION}/bin/linux/amd64/kubectl /kubectl

FROM scratch AS kubectl-arm64
ARG KUBECTL_VERSION
ADD --checksum=sha256:0ecf44450ee6063bf19dd166a103ee6df4a9034455c2abce626e6eea657d73fb --chmod=0555 \
    https://dl.k8s.io/release/${KUBECTL_VERSION}/bin/linux/arm64/kubectl /kubectl

# hadolint ignore=DL3006 # a stage of this file, chosen by the architecture that is built for
FROM kubectl-${TARGETARCH} AS kubectl

FROM ${PYTHON_IMAGE} AS build
RUN python -m venv /opt/kaia
COPY requirements/runtime.txt requirements/build.txt /src/requirements/
RUN --mount=type=cache,target=/cache \
    /opt/kaia/bin/pip install --cache-dir /cache --require-hashes -r /src/requirements/runtime.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --cache-dir /cache --require-hashes -r /src/requirements/build.txt
COPY pyproject.toml README.md LICENSE manifest.yml /src/
COPY bot /src/bot
WORKDIR /src
RUN /opt/build/bin/hatchling build -t wheel -d /tmp/wheel \
    && /opt/kaia/bin/pip install --no-deps --no-index /tmp/wheel/kaia-*.whl \
    && /opt/kaia/bin/pip uninstall --yes pip \
    && install -d -m 0750 -o 65532 -g 65532 /var/lib/kaia

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="kaia" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=kubectl /kubectl /usr/local/bin/kubectl
COPY --from=build /opt/kaia /opt/kaia
COPY --from=build --chown=65532:65532 /var/lib/kaia /var/lib/kaia
# The store goes to XDG_STATE_HOME/kaia; mount a volume there.
ENV PATH=/opt/kaia/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    XDG_STATE_HOME=/var/lib \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
USER 65532:65532
WORKDIR /tmp
VOLUME /var/lib/kaia
ENTRYPOINT ["kaia"]
CMD ["slack"]
