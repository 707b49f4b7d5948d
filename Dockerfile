# syntax=docker/dockerfile:1
# Two stages: the first builds the wheel and installs it with its locked dependencies into a clean environment,
# the second holds that environment and nothing else: no pip, and no tests of the libraries.
# To fit the model in a container too: docker build --build-arg LOCKS="runtime tune" .

FROM python:3.13-slim AS build
ARG LOCKS="runtime"
WORKDIR /src
RUN python -m venv --without-pip /opt/hongtou && python -m venv /opt/build
COPY requirements/ requirements/
RUN /opt/build/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/build.lock \
 && for lock in $LOCKS; do \
      /opt/build/bin/pip --python /opt/hongtou/bin/python install --no-cache-dir --no-deps --require-hashes \
        -r requirements/$lock.lock || exit 1; \
    done
COPY . .
# The last command imports all that the daemon needs.
RUN /opt/build/bin/python -m hatchling build -t wheel \
 && /opt/build/bin/pip --python /opt/hongtou/bin/python install --no-cache-dir --no-deps --no-index dist/hongtou-*.whl \
 && /opt/build/bin/pip --python /opt/hongtou/bin/python check \
 && find /opt/hongtou/lib -type d \( -name tests -o -name test \) -prune -exec rm -rf {} + \
 && cd / && /opt/hongtou/bin/hongtou --version && /opt/hongtou/bin/hongtou run --help

FROM python:3.13-slim
LABEL org.opencontainers.image.title="Hongtou" \
      org.opencontainers.image.description="Watches for emerging-tech policy and tells you once" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --system --gid 10001 hongtou \
 && useradd --system --uid 10001 --gid hongtou --home-dir /data --no-create-home --shell /usr/sbin/nologin hongtou \
 && install -d -o hongtou -g hongtou /data /etc/hongtou
COPY --from=build /opt/hongtou /opt/hongtou
ENV PATH=/opt/hongtou/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PYTHONUTF8=1 \
    HONGTOU_DATA_DIR=/data
WORKDIR /data
USER hongtou
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["hongtou", "health"]
ENTRYPOINT ["hongtou"]
CMD ["run"]
