import 'node:fs';
import '../fault.js';
