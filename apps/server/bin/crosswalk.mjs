#!/usr/bin/env node
import '@crosswalk/cli/bin'
