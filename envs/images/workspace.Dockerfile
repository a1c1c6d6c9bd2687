# Any image with Python and bash, made fit for workspaces: our programs, the user that commands run as, and nothing that
# would tell labels. Built on first use, in a second, and anew whenever the image or the programs change.
ARG BASE
FROM ${BASE}
USER 0
COPY tools /opt/synthgym
RUN python3 -IS /opt/synthgym/set_up.py
