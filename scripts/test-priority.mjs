// Before each file of system tests: all processes at the priority that executors have. Otherwise a test that computes starves the workers of the tests beside it.
import { constants, setPriority } from 'node:os';

setPriority(constants.priority.PRIORITY_LOW);
