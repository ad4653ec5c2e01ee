import '../messages/through-fault.js';
