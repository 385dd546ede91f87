// A page that leads to another hands on what its own address asks for, such as the values of a playbook's variables.
const link = document.querySelector("a");
const target = new URL(link.href);
target.search = location.search;
target.hash = location.hash || target.hash;
link.href = target;
location.replace(target);
