/** The greeting of one name. */
exports.greet = (name) => `Hello, ${name}!`;
