/* Stands for a library of ours in another version, under any of their names. */
int of_another_version;
