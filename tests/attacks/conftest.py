from env_fixtures import *  # noqa: F403 - the fixtures that it names
