# A worker. Build in the root of the repository: docker build -f docker/worker.Dockerfile -t manyhands-worker .
FROM node:24-bookworm-slim AS build
WORKDIR /manyhands
COPY . .
RUN docker/steps/build.sh

FROM node:24-bookworm-slim
ENV NODE_ENV=production
COPY --from=build --chown=root:root /manyhands /manyhands
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["/manyhands/docker/steps/worker.sh"]
