import '../run-confined.js';
import './through-fault.js';
