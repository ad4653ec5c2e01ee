// Reads arguments, standard input and files; makes, lists, renames, cuts and removes files and folders.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

// Sorted, because a disk lists in any order; the dots are left out.
static void list(const char *path) {
  char *names[100];
  int count = 0;
  DIR *folder = opendir(path);
  if (!folder) {
    printf("list %s: %s\n", path, errno == ENOENT ? "ENOENT" : errno == ENOTDIR ? "ENOTDIR" : "?");
    return;
  }
  struct dirent *entry;
  while ((entry = readdir(folder)) && count < 100)
    if (entry->d_name[0] != '.') names[count++] = strdup(entry->d_name);
  closedir(folder);
  qsort(names, count, sizeof *names, by_name);
  printf("list %s:", path);
  for (int i = 0; i < count; i++) printf(" %s", names[i]);
  printf("\n");
}

static void show(const char *path) {
  char buffer[64];
  FILE *file = fopen(path, "rb");
  if (!file) {
    printf("show %s: %s\n", path, errno == ENOENT ? "ENOENT" : errno == EISDIR ? "EISDIR" : "?");
    return;
  }
  size_t length = fread(buffer, 1, sizeof buffer, file);
  printf("show %s: %zu bytes \"", path, length);
  for (size_t i = 0; i < length; i++) printf(buffer[i] >= 32 ? "%c" : "\\%d", buffer[i]);
  printf("\"\n");
  fclose(file);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("argument %d: %s\n", i, argv[i]);
  char line[256];
  int lines = 0;
  while (fgets(line, sizeof line, stdin)) printf("line %d has %zu bytes\n", ++lines, strlen(line));

  show("in/data.txt");
  show("missing.txt");
  printf("mkdir %d\n", mkdir("made", 0755));
  printf("mkdir again %d\n", mkdir("made", 0755));
  printf("mkdir below %d\n", mkdir("made/deeper", 0755));
  FILE *file = fopen("made/a.txt", "w+");
  for (int i = 0; i < 10; i++) fprintf(file, "row %d\n", i);
  fseek(file, 6, SEEK_SET);
  fputs("ROW", file);
  fseek(file, 0, SEEK_END);
  printf("size by tell %ld\n", ftell(file));
  fclose(file);
  file = fopen("made/a.txt", "a");
  fputs("end\n", file);
  fclose(file);
  struct stat info;
  printf("stat %d", stat("made/a.txt", &info));
  printf(" size %lld file %d folder %d\n", (long long)info.st_size, S_ISREG(info.st_mode), S_ISDIR(info.st_mode));
  printf("stat folder %d", stat("made", &info));
  printf(" file %d folder %d\n", S_ISREG(info.st_mode), S_ISDIR(info.st_mode));
  printf("truncate %d\n", truncate("made/a.txt", 11));
  show("made/a.txt");
  list("made");
  printf("rename %d\n", rename("made/a.txt", "made/deeper/b.txt"));
  list("made");
  list("made/deeper");
  list("nowhere");
  list("in/data.txt");
  printf("rmdir full %d", rmdir("made"));
  printf(" %s\n", errno == ENOTEMPTY ? "ENOTEMPTY" : "?");
  int fd = open("made/deeper/b.txt", O_RDWR | O_CREAT | O_EXCL, 0644);
  printf("exclusive %d %s\n", fd, errno == EEXIST ? "EEXIST" : "?");
  fd = open("made/deeper/b.txt", O_RDWR);
  char part[5] = {0};
  printf("pread %zd %s\n", pread(fd, part, 4, 6), part);
  printf("pwrite %zd\n", pwrite(fd, "!!", 2, 20));
  printf("unlink open file %d\n", unlink("made/deeper/b.txt"));
  printf("seek %lld\n", (long long)lseek(fd, 0, SEEK_END));
  close(fd);
  show("made/deeper/b.txt");
  printf("rmdir %d\n", rmdir("made/deeper"));
  printf("rmdir %d\n", rmdir("made"));
  file = fopen("result.bin", "wb");
  for (int i = 0; i < 300; i++) fputc(i & 255, file);
  fclose(file);
  fprintf(stderr, "%d lines\n", lines);
  return argc > 1 && strcmp(argv[1], "fail") == 0 ? 3 : 0;
}
